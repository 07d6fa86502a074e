import type { RouteRecordRaw } from 'vue-router'

export const townshipRoutes: RouteRecordRaw[] = [
  {
    path: '/desk',
    name: 'desk',
    component: () => import('./Desk.vue'),
    meta: { title: 'township.desk', nav: { order: 5, icon: 'inbox' } },
  },
  {
    path: '/plan',
    name: 'plan',
    component: () => import('./Plan.vue'),
    meta: { title: 'township.plan', nav: { order: 30, icon: 'plan', levels: ['city', 'district', 'township'] } },
  },
]
