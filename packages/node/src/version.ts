import about from '../package.json' with { type: 'json' }

/** The version of this Fedow. */
export const VERSION: string = about.version
