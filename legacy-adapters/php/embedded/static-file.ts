/** What a web server does beside PHP: files below the document root, as they are. */
import { readFile, realpath } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import type { LegacyAnswer, LegacyRequest } from '../../embedded/serve.ts'

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=UTF-8',
  '.html': 'text/html; charset=UTF-8',
  '.ico': 'image/vnd.microsoft.icon',
  '.js': 'application/javascript',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=UTF-8',
}

const decodePath = (url: string): string | null => {
  try {
    return decodeURIComponent(url.split('?', 1)[0] ?? '/')
  } catch {
    return null
  }
}

/** Null for whatever is no plain file of a known type inside `root`: that is PHP's business. */
export const staticFile = async (
  root: string,
  { method, url }: LegacyRequest,
): Promise<LegacyAnswer | null> => {
  const path = method === 'GET' || method === 'HEAD' ? decodePath(url) : null
  const type = path === null ? undefined : types[extname(path)]
  if (path === null || type === undefined) return null
  try {
    const file = await realpath(join(root, path))
    if (!file.startsWith((await realpath(root)) + sep)) return null
    const body = await readFile(file)
    const headers = ['Content-Type', type, 'Content-Length', String(body.length)]
    return { status: 200, headers, body }
  } catch {
    return null
  }
}
