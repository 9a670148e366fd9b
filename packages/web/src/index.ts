export { firstPage } from './first-page.ts'
export { type Language, languageOf } from './words.ts'
