import type { RouteRecordRaw } from 'vue-router'

export const villageRoutes: RouteRecordRaw[] = [
  {
    path: '/issues/new',
    name: 'log',
    component: () => import('./LogIssue.vue'),
    meta: { title: 'village.log', nav: { order: 10, icon: 'plus', roles: ['clerk', 'convener'] } },
  },
  {
    path: '/issues',
    name: 'issues',
    component: () => import('./Issues.vue'),
    meta: { title: 'village.issues', nav: { order: 20, icon: 'list' } },
  },
  {
    path: '/issues/:id',
    name: 'issue',
    component: () => import('./IssuePage.vue'),
    meta: { title: 'common.issue' },
  },
  {
    path: '/issues/:id/session',
    name: 'session',
    component: () => import('./SessionForm.vue'),
    meta: { title: 'village.sheetFill' },
  },
  {
    path: '/issues/:id/sessions/:number',
    name: 'sheet',
    component: () => import('./SessionSheet.vue'),
    meta: { title: 'village.sheet' },
  },
]
