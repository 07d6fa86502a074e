import type { RouteRecordRaw } from 'vue-router'

const kAbove = ['province', 'city', 'district', 'township'] as const

export const cityRoutes: RouteRecordRaw[] = [
  {
    path: '/overview',
    name: 'overview',
    component: () => import('./Overview.vue'),
    meta: { title: 'city.overview', nav: { order: 7, icon: 'chart', levels: [...kAbove] } },
  },
  {
    path: '/overview/behind',
    name: 'behind',
    component: () => import('./Behind.vue'),
    meta: { title: 'city.opened' },
  },
  {
    path: '/received',
    name: 'received',
    component: () => import('./Received.vue'),
    meta: { title: 'city.received', nav: { order: 8, icon: 'flag', levels: [...kAbove] } },
  },
  {
    path: '/wall',
    name: 'wall',
    component: () => import('./Wall.vue'),
    meta: { title: 'city.wall', bare: true, nav: { order: 40, icon: 'screen', levels: [...kAbove] } },
  },
]
