// Every page there is: for pictures, for axe, for small screens. `at` is a node's level; a path may
// ask for the id of the issue that was prepared; what stands in `press` is pressed before one looks. Whoever adds a page adds its line.
export const kPages = [
  { name: 'sign-in', at: 'village', path: '/sign-in', open: true },
  { name: 'village-log', at: 'village', path: '/issues/new', ready: '.categories label' },
  { name: 'village-log-more', at: 'village', path: '/issues/new', ready: '.categories label', press: ['.fold', '.form button[type=submit]'] },
  { name: 'village-issues', at: 'village', path: '/issues', ready: '.issue-table .body .row' },
  { name: 'village-issue', at: 'village', path: '/issues/:id', ready: '.timeline li' },
  { name: 'village-act', at: 'village', path: '/issues/:id', ready: '.timeline li', press: ['.acts > .el-button:last-of-type'] },
  { name: 'village-session', at: 'village', path: '/issues/:id/session', ready: '.check' },
  { name: 'village-sheet', at: 'village', path: '/issues/:id/sessions/1', ready: '.paper svg' },
  { name: 'township-desk', at: 'township', path: '/desk', ready: '.boxes .todo b' },
  { name: 'township-issue', at: 'township', path: '/issues/:up', ready: '.timeline li' },
  { name: 'township-act', at: 'township', path: '/issues/:up', ready: '.timeline li', press: ['.acts .el-button'] },
  { name: 'township-plan', at: 'township', path: '/plan', ready: '.panel' },
  { name: 'city-overview', at: 'city', path: '/overview', ready: '.charts svg' },
  { name: 'city-behind', at: 'city', path: '/overview/behind?figure=issues&unit=320803001001', ready: 'tbody tr' },
  { name: 'city-received', at: 'city', path: '/received?all=1', ready: '.list li' },
  { name: 'city-wall', at: 'city', path: '/wall', ready: '.charts svg' },
  { name: 'operator-network', at: 'city', path: '/network', ready: 'tbody tr' },
  { name: 'operator-changes', at: 'city', path: '/network/changes', ready: '.what p' },
  { name: 'operator-accounts', at: 'city', path: '/accounts', ready: 'tbody tr' },
  { name: 'operator-audit', at: 'city', path: '/audit', ready: 'tbody tr' },
]
