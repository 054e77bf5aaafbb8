import type { Handler } from '../parts.ts'
import type { ApiDocument } from './document.ts'

/** `GET /api/openapi.json` */
export const sendDocument =
  (document: ApiDocument): Handler =>
  (ctx) => {
    ctx.body = document
  }
