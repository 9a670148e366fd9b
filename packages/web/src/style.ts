import { Html } from './html.ts'

/** Colours, spacing and type of every page: contrast is at least 4.5 in light and dark. */
export const STYLE: Html = new Html(`
:root { color-scheme: light dark; --text: #14212b; --ground: #f7f4ee; --sheet: #fff; --primary: #0b5d6b; --line: #6b7882 }
@media (prefers-color-scheme: dark) {
  :root { --text: #f2f5f7; --ground: #0e151b; --sheet: #172029; --primary: #7fd3df; --line: #6b7882 }
}
* { box-sizing: border-box }
body { margin: 0; font: 17px/1.5 system-ui, sans-serif; color: var(--text); background: var(--ground) }
header, main, footer { max-width: 60rem; margin: 0 auto; padding: 1.5rem }
h1 { margin: 0; font-size: 2rem; color: var(--primary) }
h2 { margin: 0 0 .5rem; font-size: 1.25rem }
header p { max-width: 70ch; margin: .25rem 0 0 }
section { margin: 1.5rem 0; padding: 1rem 1.5rem; background: var(--sheet); border-radius: 8px }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 1rem }
.figures strong { display: block; font-size: 1.75rem; font-variant-numeric: tabular-nums }
.adds { color: var(--primary) }
ul { margin: 0; padding-left: 1.2rem }
section { overflow-x: auto }
table { width: 100%; border-collapse: collapse }
th, td { padding: .35rem .75rem .35rem 0; text-align: left; border-bottom: 1px solid var(--line); font-weight: normal }
thead th { font-weight: 600 }
.amount { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
a { color: var(--primary) }
footer { font-size: .875rem }
code { overflow-wrap: anywhere }
`)
