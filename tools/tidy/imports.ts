import { builtinModules } from 'node:module'
import { matchesGlob } from 'node:path'
import { type Import, isProduct, isTest, type Package, type Source } from './sources.ts'

/** What the files of one folder may import. A folder may always use its own files. */
export type ImportRule = {
  /** Paths under `packages`. The first rule that matches a file is the one that holds. */
  files: string
  /** Paths under `packages`, and workspaces by name. */
  uses: readonly string[]
  /** As `uses`, for `import type` alone. */
  types?: readonly string[]
  /** Node's own modules and installed packages. Absent: all that package.json declares. */
  outside?: readonly string[]
}

/** A module that only one folder may import. */
export type Reserved = {
  modules: readonly string[]
  only: readonly string[]
  /** Where `import type` is fine too. */
  types?: readonly string[]
}

/** Imports that the table refuses, one sentence each. Tests may import what they like of their package. */
export function refusedImports(
  sources: readonly Source[],
  rules: readonly ImportRule[],
): readonly string[] {
  return sources
    .filter(({ path }) => isProduct(path))
    .flatMap(({ path, imports }) => {
      const file = inPackages(path)
      const rule = rules.find(({ files }) => matchesGlob(file, files))
      if (!rule) return [`${path}: no rule of the import table names this file.`]
      return imports
        .filter((found) => !isAllowed(file, found, rule))
        .map(({ target }) => `${path} must not import ${target} (rule ${rule.files}).`)
    })
}

/** Reserved modules imported outside of their folder, tests apart. */
export function misplacedImports(
  sources: readonly Source[],
  reserved: readonly Reserved[],
): readonly string[] {
  return sources
    .filter(({ path }) => isProduct(path))
    .flatMap(({ path, imports }) =>
      imports.flatMap(({ target, isTypeOnly }) => {
        const rule = reserved.find(({ modules }) => matchesAny(target, modules))
        if (!rule) return []
        const places = isTypeOnly ? [...rule.only, ...(rule.types ?? [])] : rule.only
        if (matchesAny(inPackages(path), places)) return []
        return [`${path} must not import ${target}: only ${rule.only.join(', ')} may.`]
      }),
    )
}

/** Packages that a file imports though its package.json does not name them. */
export function undeclaredImports(
  sources: readonly Source[],
  packages: readonly Package[],
): readonly string[] {
  const developmentTools = packages.find(({ folder }) => folder === '')?.devDependencies ?? []
  return sources.flatMap(({ path, imports }) => {
    const owner = packages.find(({ folder }) => folder !== '' && path.startsWith(`${folder}/`))
    if (!owner) return []
    const declared = [owner.name, ...owner.dependencies]
    if (isTest(path)) declared.push(...owner.devDependencies, ...developmentTools)
    return imports
      .filter(({ target }) => !target.startsWith('packages/') && !isBuiltin(target))
      .filter(({ target }) => !declared.includes(packageName(target)))
      .map(({ target }) => `${path} imports ${target}: ${owner.folder}/package.json lacks it.`)
  })
}

/** Relative imports that leave their package, except from a test to the test folder of another. */
export function straysOutOfPackage(sources: readonly Source[]): readonly string[] {
  return sources
    .filter(({ path }) => path.startsWith('packages/'))
    .flatMap(({ path, imports }) => {
      const folder = path.split('/').slice(0, 2).join('/')
      return imports
        .filter(({ target }) => target.startsWith('packages/') || target.startsWith('tools/'))
        .filter(({ target }) => !target.startsWith(`${folder}/`))
        .filter(({ target }) => !(isTest(path) && isTest(target)))
        .map(({ target }) => `${path} leaves its package to reach ${target}: import it by name.`)
    })
}

/** Files of `src` that no other file imports and that nothing starts. */
export function deadFiles(
  sources: readonly Source[],
  packages: readonly Package[],
): readonly string[] {
  const live = new Set(packages.flatMap(({ entries }) => entries))
  for (const { path, imports } of sources) {
    for (const { target } of imports) if (target !== path) live.add(target)
  }
  return sources
    .map(({ path }) => path)
    .filter(isProduct)
    .filter((path) => !path.endsWith('.worker.ts') && !path.endsWith('/src/main.ts'))
    .filter((path) => !live.has(path))
    .map((path) => `${path} is imported by nothing: remove it, or use it.`)
}

function isAllowed(file: string, { target, isTypeOnly }: Import, rule: ImportRule): boolean {
  const wanted = inPackages(target)
  if (wanted.startsWith(`${ownFolder(file, rule)}/`)) return true
  const uses = isTypeOnly ? [...rule.uses, ...(rule.types ?? [])] : rule.uses
  if (matchesAny(wanted, uses)) return true
  if (target.startsWith('packages/') || target.startsWith('@fedow/')) return false
  return rule.outside === undefined || matchesAny(target, rule.outside)
}

// The folders that a rule names before its `**`, taken from the path of the file.
function ownFolder(file: string, { files }: ImportRule): string {
  const depth = files.split('/').indexOf('**')
  if (depth === -1) return file
  return file.split('/').slice(0, depth).join('/')
}

function inPackages(path: string): string {
  return path.replace(/^packages\//, '')
}

function matchesAny(path: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matchesGlob(path, pattern))
}

function isBuiltin(target: string): boolean {
  return target.startsWith('node:') || builtinModules.includes(target)
}

function packageName(target: string): string {
  return target.split('/', target.startsWith('@') ? 2 : 1).join('/')
}
