/** E-mail and web addresses, by the rules of v1's framework. */
import { isIP, isIPv6 } from 'node:net'
import { domainToASCII } from 'node:url'

const EMAIL_MAX = 320
const LOCAL_PART =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a quoted part may hold them.
  /^(?:[-!#$%&'*+/=?^_`{}|~0-9a-z]+(?:\.[-!#$%&'*+/=?^_`{}|~0-9a-z]+)*|"(?:[\u0001-\u0008\u000b\u000c\u000e-\u001f!#-[\]-\u007f]|\\[\u0001-\u0009\u000b\u000c\u000e-\u007f])*")$/i
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const EMAIL_DOMAIN = new RegExp(`^(?:${LABEL}\\.)+[a-z0-9-]{2,63}(?<!-)$`, 'i')

export function isEmail(text: string): boolean {
  const cut = text.lastIndexOf('@')
  if (cut < 1 || text.length > EMAIL_MAX || !LOCAL_PART.test(text.slice(0, cut))) return false
  const domain = text.slice(cut + 1)
  return domain === 'localhost' || isEmailDomain(domain) || isEmailDomain(domainToASCII(domain))
}

function isEmailDomain(domain: string): boolean {
  if (EMAIL_DOMAIN.test(domain)) return true
  return /^\[.+\]$/.test(domain) && isIP(domain.slice(1, -1)) !== 0
}

const URL_MAX = 2_048
const URL_PARTS =
  /^(?:https?|ftps?):\/\/(?:[^\s:@/]+(?::[^\s:@/]*)?@)?(?<host>\[[^\]\s/?#]*\]|[^\s/?#:[\]]+)(?::\d{1,5})?(?:[/?#]\S*)?$/i
const HOST_LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const HOST = new RegExp(
  `^(?:${HOST_LABEL}\\.)+(?!-)(?:[a-z-]{2,63}|xn--[a-z0-9]{1,59})(?<!-)\\.?$`,
  'i',
)
const HOST_MAX = 253

/** The host is `localhost`, an IP address or a dotted name: a name of one label is refused. */
export function isUrl(text: string): boolean {
  if (text.length > URL_MAX) return false
  const host = URL_PARTS.exec(text)?.groups?.host
  if (host === undefined || host.length > HOST_MAX) return false
  if (host.startsWith('[')) return isIPv6(host.slice(1, -1))
  return host.toLowerCase() === 'localhost' || isIP(host) === 4 || HOST.test(domainToASCII(host))
}
