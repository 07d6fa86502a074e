import type { RouteRecordRaw } from 'vue-router'

export const townshipRoutes: RouteRecordRaw[] = []
