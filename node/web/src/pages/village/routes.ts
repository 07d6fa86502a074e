import type { RouteRecordRaw } from 'vue-router'

const kDesk = ['clerk', 'convener'] as const

export const villageRoutes: RouteRecordRaw[] = [
  {
    path: '/issues/new',
    name: 'log',
    component: () => import('./LogIssue.vue'),
    meta: { title: 'village.log', nav: { order: 10, icon: 'plus', roles: [...kDesk] } },
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
]
