/** The document as a page for people: one file, nothing fetched, nothing run. */
import type { Handler } from '../parts.ts'
import type { ApiDocument, OperationDocument } from './document.ts'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (found) => entities[found] ?? '')

const code = (value: unknown): string => `<pre>${escaped(JSON.stringify(value, null, 2))}</pre>`

const fold = (title: string, value: unknown): string =>
  `<details><summary>${escaped(title)}</summary>${code(value)}</details>`

const style = `
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
  section { border-top: 1px solid #8884; padding: .5rem 0 }
  h2 { font: 600 1rem/1.5 ui-monospace, monospace; margin: .5rem 0 0 }
  pre { background: #8881; padding: .75rem; overflow: auto; margin: .25rem 0 }
  summary { cursor: pointer }
  :root { color-scheme: light dark }`

const showOperation = (line: string, operation: OperationDocument): string => {
  const { operationId, summary, parameters, requestBody, responses, security } = operation
  const token = security.some((each) => 'token' in each)
    ? security.length > 1
      ? 'with or without a token'
      : 'with a token'
    : 'without a token'
  const details = [
    ...(parameters.length === 0 ? [] : [fold('Parameters', parameters)]),
    ...(requestBody === undefined ? [] : [fold('Body', requestBody)]),
    ...Object.entries(responses).map(([status, response]) => fold(`Answer ${status}`, response)),
  ]
  return `<section id="${escaped(operationId)}"><h2>${escaped(line)}</h2>
<p>${escaped(summary)}, ${token}. <code>${escaped(operationId)}</code></p>
${details.join('\n')}</section>`
}

/** A whole HTML document. Pure. */
export const renderPage = ({ info, paths, components }: ApiDocument): string => {
  const sections = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      showOperation(`${method.toUpperCase()} ${path}`, operation),
    ),
  )
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(info.title)} API</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${style}</style></head>
<body><h1>${escaped(info.title)} API</h1><p>${escaped(info.description)}</p>
<p><a href="openapi.json">The same for machines</a></p>
${sections.join('\n')}
${fold('Schemas', components)}</body></html>
`
}

/** `GET /api/docs` */
export const showPage =
  (document: ApiDocument): Handler =>
  (ctx) => {
    ctx.type = 'html'
    ctx.body = renderPage(document)
  }
