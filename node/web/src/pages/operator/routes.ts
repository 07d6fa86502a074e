import type { RouteRecordRaw } from 'vue-router'

export const operatorRoutes: RouteRecordRaw[] = [
  {
    path: '/network',
    name: 'network',
    component: () => import('./Network.vue'),
    meta: { title: 'operator.network', nav: { order: 50, icon: 'link', roles: ['operator', 'auditor'] } },
  },
  {
    path: '/network/changes',
    name: 'changes',
    component: () => import('./Changes.vue'),
    meta: { title: 'operator.changes', nav: { order: 52, icon: 'tree', roles: ['operator', 'auditor'] } },
  },
  {
    path: '/accounts',
    name: 'accounts',
    component: () => import('./Accounts.vue'),
    meta: { title: 'operator.accounts', nav: { order: 54, icon: 'people', roles: ['operator'] } },
  },
  {
    path: '/audit',
    name: 'audit',
    component: () => import('./Audit.vue'),
    meta: { title: 'operator.audit', nav: { order: 56, icon: 'shield', roles: ['operator', 'auditor'] } },
  },
]
