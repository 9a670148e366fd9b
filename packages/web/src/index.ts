export { dashboardPage } from './dashboard.ts'
export { noPlacePage, placePage } from './dashboard-place.ts'
export { firstPage } from './first-page.ts'
export { type Language, languageOf } from './words.ts'
