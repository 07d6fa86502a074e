import type { RouteRecordRaw } from 'vue-router'

export const cityRoutes: RouteRecordRaw[] = []
