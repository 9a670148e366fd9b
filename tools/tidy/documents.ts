import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { filesUnder, type Package } from './sources.ts'

const REJECTION_FILE = 'packages/ledger/src/rejection.ts'
const REJECTION_PAGE = 'docs/spec/rejections.md'

/** Rejection codes without their number, their row in the specification or their vector. */
export function unprovenRejections(root: string): readonly string[] {
  const numbers = readRejectionNumbers(root)
  const page = read(root, REJECTION_PAGE)
  const vectors = readVectors(root)
  return [...numbers].flatMap(([code, number]) => {
    const row = `| ${number} | \`${code}\` |`
    const others = [...numbers].filter(([name, other]) => other === number && name !== code)
    const problems = others.map(([name]) => `${code} has the number ${number} of ${name}.`)
    if (!page.split('\n').some((line) => line.startsWith(row))) {
      problems.push(`${REJECTION_PAGE} has no row that starts with "${row}".`)
    }
    const shown = [`"rejected":"${code}"`, `"reason":{"code":"${code}"`]
    if (!shown.some((text) => vectors.includes(text))) {
      problems.push(`No file of vectors has "rejected": "${code}".`)
    }
    return problems
  })
}

/** Rows of the specification for a code or a number that the ledger does not have. */
export function unknownRejectionRows(root: string): readonly string[] {
  const numbers = readRejectionNumbers(root)
  const rows = [...read(root, REJECTION_PAGE).matchAll(/^\| (\d+) \| `([^`]+)` \|/gm)]
  return rows
    .filter(([, number, code = '']) => numbers.get(code) !== Number(number))
    .map(([row]) => `${REJECTION_PAGE} has the row "${row}", which the ledger does not know.`)
}

/** Installed packages that no decision record names: a package comes with its reason. */
export function unexplainedPackages(root: string, packages: readonly Package[]): readonly string[] {
  const folder = 'docs/adr'
  const records = filesIn(root, folder, '.md').map((path) => read(root, path))
  const words = new Set(records.flatMap((text) => text.split(/[^\w@/.-]+/)))
  const dependencies = packages.flatMap((one) => one.dependencies)
  return [...new Set(dependencies)]
    .filter((name) => !name.startsWith('@fedow/'))
    .filter((name) => !words.has(name) && !words.has(`${name}.`))
    .sort()
    .map((name) => `No page of ${folder} names the package ${name}, with the reason to have it.`)
}

/** The numbers of `REJECTION_NUMBER`, read from its text so that a wrong file still gives an answer. */
function readRejectionNumbers(root: string): ReadonlyMap<string, number> {
  const file = ts.createSourceFile(
    REJECTION_FILE,
    read(root, REJECTION_FILE),
    ts.ScriptTarget.ESNext,
    true,
  )
  const table = file.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => declarationList.declarations)
    .find(({ name }) => name.getText() === 'REJECTION_NUMBER')?.initializer
  if (!table || !ts.isObjectLiteralExpression(table)) {
    throw new Error(`${REJECTION_FILE} must have REJECTION_NUMBER = { code: number, ... }.`)
  }
  return new Map(
    table.properties.map((property) => {
      const number = ts.isPropertyAssignment(property)
        ? Number(property.initializer.getText())
        : NaN
      if (Number.isInteger(number)) return [property.name?.getText() ?? '', number]
      throw new Error(`${REJECTION_FILE}: ${property.getText()} is not a code with its number.`)
    }),
  )
}

/** The vectors as one text, with one spelling of `"rejected":"code"`. */
function readVectors(root: string): string {
  const paths = existsSync(join(root, 'vectors')) ? filesUnder(root, 'vectors') : []
  const files = paths.filter((path) => path.endsWith('.json'))
  if (files.length === 0) throw new Error('The folder vectors has no JSON file.')
  return files.map((path) => JSON.stringify(JSON.parse(read(root, path)))).join('\n')
}

function filesIn(root: string, folder: string, ending: string): readonly string[] {
  if (!existsSync(join(root, folder))) throw new Error(`The folder ${folder} is missing.`)
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name}`)
}

function read(root: string, path: string): string {
  if (!existsSync(join(root, path))) throw new Error(`${path} is missing.`)
  return readFileSync(join(root, path), 'utf8')
}
