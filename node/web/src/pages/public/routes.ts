import type { RouteRecordRaw } from 'vue-router'

export const publicRoutes: RouteRecordRaw[] = [
  {
    path: '/notices',
    name: 'notices',
    component: () => import('./Notices.vue'),
    meta: { title: 'public.notices', open: true, bare: true },
  },
  {
    path: '/matter',
    name: 'matter',
    component: () => import('./Matter.vue'),
    meta: { title: 'public.report', open: true, bare: true },
  },
  {
    path: '/follow',
    name: 'follow',
    component: () => import('./Follow.vue'),
    meta: { title: 'public.follow', open: true, bare: true },
  },
  {
    path: '/held',
    name: 'held',
    component: () => import('./Held.vue'),
    meta: { title: 'public.held', nav: { order: 12, icon: 'board', roles: ['clerk', 'convener'] } },
  },
  {
    path: '/room-code',
    name: 'room-code',
    component: () => import('./RoomCode.vue'),
    meta: { title: 'public.room' },
  },
]
