/** The document as a page for people: one file, nothing fetched, nothing run. */
import { html, type Markup, renderHtml } from '../html.ts'
import type { Handler } from '../parts.ts'
import type { ApiDocument, OperationDocument } from './document.ts'

const fold = (title: string, value: unknown): Markup =>
  html`<details><summary>${title}</summary><pre>${JSON.stringify(value, null, 2)}</pre></details>`

const style = html`
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
  section { border-top: 1px solid #8884; padding: .5rem 0 }
  h2 { font: 600 1rem/1.5 ui-monospace, monospace; margin: .5rem 0 0 }
  pre { background: #8881; padding: .75rem; overflow: auto; margin: .25rem 0 }
  summary { cursor: pointer }
  :root { color-scheme: light dark }`

const showOperation = (line: string, operation: OperationDocument): Markup => {
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
  return html`<section id="${operationId}"><h2>${line}</h2>
<p>${summary}, ${token}. <code>${operationId}</code></p>
${details}</section>
`
}

/** A whole HTML document. Pure. */
export const renderPage = ({ info, paths, components }: ApiDocument): string => {
  const sections = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      showOperation(`${method.toUpperCase()} ${path}`, operation),
    ),
  )
  return renderHtml(html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${info.title} API</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${style}</style></head>
<body><h1>${info.title} API</h1><p>${info.description}</p>
<p><a href="openapi.json">The same for machines</a></p>
${sections}
${fold('Schemas', components)}</body></html>
`)
}

/** `GET /api/docs` */
export const showPage =
  (document: ApiDocument): Handler =>
  (ctx) => {
    ctx.type = 'html'
    ctx.body = renderPage(document)
  }
