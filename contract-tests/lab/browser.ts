/** As much of a browser as forms need: it keeps cookies, and the token of the form it saw last. */

export interface Page {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

export interface Browser {
  /** What it would send as Cookie. */
  readonly cookie: () => string
  /** Asks for a page. Redirects are answers like any other. */
  visit(path: string, init?: RequestInit): Promise<Page>
  /** Sends a form with the token of the last one; a field named `csrf` takes its place. */
  submit(path: string, fields: Readonly<Record<string, string>>): Promise<Page>
  /** Sends a form as it stands. */
  post(path: string, body: NonNullable<RequestInit['body']>, type?: string): Promise<Page>
  /** The token of the form it saw last. */
  readonly csrf: () => string
}

const readCookie = (line: string): readonly [string, string] => {
  const pair = line.split(';', 1)[0] ?? ''
  const equals = pair.indexOf('=')
  return [pair.slice(0, equals), pair.slice(equals + 1)]
}

/**
 * @param origin `http://host:port`
 * @param cookie `name=value`, if it has one already
 * @param always headers of every request
 */
export const createBrowser = (
  origin: string,
  cookie?: string,
  always: Readonly<Record<string, string>> = {},
): Browser => {
  const jar = new Map<string, string>(cookie === undefined ? [] : [readCookie(cookie)])
  let token = ''
  const cookies = (): string => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')

  const visit = async (path: string, init: RequestInit = {}): Promise<Page> => {
    const headers = new Headers({ ...always, ...Object.fromEntries(new Headers(init.headers)) })
    if (jar.size > 0) headers.set('cookie', cookies())
    const answer = await fetch(origin + path, { redirect: 'manual', ...init, headers })
    for (const line of answer.headers.getSetCookie()) jar.set(...readCookie(line))
    const text = await answer.text()
    token = /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? token
    return { status: answer.status, headers: answer.headers, text }
  }
  const post = (
    path: string,
    body: NonNullable<RequestInit['body']>,
    type?: string,
  ): Promise<Page> =>
    visit(path, {
      method: 'POST',
      body,
      ...(type === undefined ? {} : { headers: { 'content-type': type } }),
    })
  return {
    cookie: cookies,
    visit,
    post,
    submit: (path, fields) => post(path, new URLSearchParams({ csrf: token, ...fields })),
    csrf: () => token,
  }
}

/** Signs in at the PHP site; the page that it answers. */
export const signIn = async (
  browser: Browser,
  email = 'jake@example.com',
  password = 'jakejake',
): Promise<Page> => {
  await browser.visit('/login')
  return browser.submit('/login', { email, password })
}
