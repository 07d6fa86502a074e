// Every area of pages brings its routes; each page is loaded when it is first opened. What stands
// in `meta.nav` appears in the navigation of those whose node and roles it is for.
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { t, type Word } from '@/words'
import { cityRoutes } from '@/pages/city/routes'
import { operatorRoutes } from '@/pages/operator/routes'
import { publicRoutes } from '@/pages/public/routes'
import { townshipRoutes } from '@/pages/township/routes'
import { villageRoutes } from '@/pages/village/routes'
import { level, loadStatus, node, type Level } from './node'
import { loadSession, session, type Role } from './session'

declare module 'vue-router' {
  interface RouteMeta {
    title: Word
    open?: boolean // needs no account
    bare?: boolean // without the shell: sign-in, print, wall screen
    nav?: { order: number; icon: string; levels?: Level[]; roles?: Role[] }
  }
}

const routes: RouteRecordRaw[] = [
  { path: '/', name: 'home', component: () => import('@/pages/entry/Home.vue'), meta: { title: 'common.yishi' } },
  {
    path: '/sign-in',
    name: 'sign-in',
    component: () => import('@/pages/entry/SignIn.vue'),
    meta: { title: 'common.signIn', open: true, bare: true },
  },
  {
    path: '/first',
    name: 'first',
    component: () => import('@/pages/entry/FirstAccount.vue'),
    meta: { title: 'common.firstTitle', open: true, bare: true },
  },
  ...villageRoutes,
  ...townshipRoutes,
  ...cityRoutes,
  ...operatorRoutes,
  ...publicRoutes,
  {
    path: '/:path(.*)*',
    name: 'missing',
    component: () => import('@/pages/entry/Missing.vue'),
    meta: { title: 'common.pageMissing', open: true },
  },
]

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})

router.beforeEach(async (to) => {
  if (!session.known) await loadSession().catch(() => undefined)
  if (to.meta.open) return true
  if (!session.signedIn) return { name: 'sign-in', query: to.path === '/' ? {} : { to: to.fullPath } }
  if (!node.status) await loadStatus()
  return true
})
router.afterEach((to) => {
  document.title = to.meta.title === 'common.yishi' ? t('common.yishi') : `${t(to.meta.title)} · ${t('common.yishi')}`
})

export interface NavEntry {
  path: string
  name: string
  title: Word
  icon: string
}
export function navigation(roles: ReadonlySet<Role>): NavEntry[] {
  return routes
    .filter((route) => {
      const nav = route.meta?.nav
      if (!nav) return false
      if (nav.levels && !nav.levels.includes(level.value)) return false
      return !nav.roles || nav.roles.some((role) => roles.has(role))
    })
    .sort((a, b) => a.meta!.nav!.order - b.meta!.nav!.order)
    .map((route) => ({
      path: route.path,
      name: String(route.name),
      title: route.meta!.title,
      icon: route.meta!.nav!.icon,
    }))
}
