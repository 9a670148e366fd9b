import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import ts from 'typescript'

/** One `.ts` file of the project, and what the rules of the house ask about it. */
export type Source = {
  /** From the project's root, with forward slashes. */
  path: string
  text: string
  imports: readonly Import[]
  exportedNames: readonly string[]
  /** Those of `WATCHED` that stand in the code, comments and strings apart. */
  uses: ReadonlySet<string>
}

export type Import = {
  /** `packages/ledger/src/tx.ts` for a relative import, else the name as written: `@fedow/api`, `node:fs`. */
  target: string
  isTypeOnly: boolean
}

export type Package = {
  /** `packages/ledger`, or the empty string for the root. */
  folder: string
  name: string
  dependencies: readonly string[]
  devDependencies: readonly string[]
  /** Files that others reach by the package's name. */
  entries: readonly string[]
}

const WATCHED = new Set(['Date', 'Math.random', 'process.env'])

/** Every `.ts` file of packages and tools, in the order of their paths. */
export function readSources(root: string): readonly Source[] {
  return ['packages', 'tools']
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => filesUnder(root, folder))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .sort()
    .map((path) => parseSource(path, readFileSync(join(root, path), 'utf8')))
}

/** The root package and the workspaces. */
export function readPackages(root: string): readonly Package[] {
  const folders = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`)
  return ['', ...folders]
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => {
      const json = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
      const exported: readonly string[] = Object.values(json.exports ?? {})
      return {
        folder,
        name: json.name,
        dependencies: Object.keys(json.dependencies ?? {}),
        devDependencies: Object.keys(json.devDependencies ?? {}),
        entries: exported.map((file) => posix.join(folder, file)),
      }
    })
}

/** Every file under a folder, by its path from the root; installed and built files are left out. */
export function filesUnder(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (!entry.isDirectory()) return [path]
    return ['node_modules', 'build'].includes(entry.name) ? [] : filesUnder(root, path)
  })
}

export function isTest(path: string): boolean {
  return path.endsWith('.test.ts') || /^packages\/[^/]+\/(test|e2e)\//.test(path)
}

/** What runs outside of tests. */
export function isProduct(path: string): boolean {
  return /^packages\/[^/]+\/src\//.test(path) && !isTest(path)
}

export function parseSource(path: string, text: string): Source {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true)
  const imports: Import[] = []
  const uses = new Set<string>()
  const visit = (node: ts.Node): void => {
    const found = importOf(node)
    if (found) imports.push({ ...found, target: resolve(path, found.target) })
    for (const use of usesOf(node)) uses.add(use)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return { path, text, imports, exportedNames: file.statements.flatMap(exportedNamesOf), uses }
}

function resolve(path: string, target: string): string {
  return target.startsWith('.') ? posix.join(posix.dirname(path), target) : target
}

function importOf(node: ts.Node): Import | undefined {
  if (ts.isImportDeclaration(node)) {
    const isTypeOnly = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
    return { target: textOf(node.moduleSpecifier), isTypeOnly }
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    return { target: textOf(node.moduleSpecifier), isTypeOnly: node.isTypeOnly }
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return { target: textOf(node.argument.literal), isTypeOnly: true }
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [argument] = node.arguments
    if (argument && ts.isStringLiteral(argument))
      return { target: argument.text, isTypeOnly: false }
  }
  return undefined
}

function usesOf(node: ts.Node): readonly string[] {
  if (ts.isIdentifier(node)) return WATCHED.has(node.text) ? [node.text] : []
  if (node.kind === ts.SyntaxKind.AsyncKeyword) return ['async']
  if (ts.isAwaitExpression(node) || node.kind === ts.SyntaxKind.AwaitKeyword) return ['await']
  const member = memberOf(node)
  return member && WATCHED.has(member) ? [member] : []
}

/** `process.env` for `process.env`, `process['env']`, `const { env } = process` and its import. */
function memberOf(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return `${node.expression.getText()}.${node.name.text}`
  if (ts.isElementAccessExpression(node) && ts.isStringLiteral(node.argumentExpression)) {
    return `${node.expression.getText()}.${node.argumentExpression.text}`
  }
  if (ts.isBindingElement(node)) {
    const name = (node.propertyName ?? node.name).getText()
    const declaration = node.parent.parent
    if (ts.isVariableDeclaration(declaration))
      return `${declaration.initializer?.getText()}.${name}`
  }
  if (ts.isImportSpecifier(node)) {
    const from = textOf(node.parent.parent.parent.moduleSpecifier).replace(/^node:/, '')
    return `${from}.${(node.propertyName ?? node.name).text}`
  }
  return undefined
}

function exportedNamesOf(statement: ts.Statement): readonly string[] {
  if (ts.isExportDeclaration(statement)) {
    const { exportClause } = statement
    if (!exportClause) return []
    if (ts.isNamespaceExport(exportClause)) return [exportClause.name.text]
    return exportClause.elements.map((element) => element.name.text)
  }
  if (!ts.canHaveModifiers(statement)) return []
  const modifiers = ts.getModifiers(statement) ?? []
  if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return []
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => boundNames(name))
  }
  const { name } = statement as ts.DeclarationStatement
  return name ? [name.text] : []
}

function boundNames(name: ts.BindingName): readonly string[] {
  if (ts.isIdentifier(name)) return [name.text]
  return name.elements.flatMap((element) =>
    ts.isOmittedExpression(element) ? [] : boundNames(element.name),
  )
}

function textOf(node: ts.Node): string {
  return ts.isStringLiteralLike(node) ? node.text : node.getText()
}
