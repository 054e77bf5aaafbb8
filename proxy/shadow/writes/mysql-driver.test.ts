import { deepEqual, match } from 'node:assert/strict'
import { createMysqlDriver } from './mysql-driver.ts'
import { startMysqlLab } from './mysql-lab.ts'

/** What is used here of a connection as mysql2 gives it. */
interface Connection {
  query(sql: string, done: (error: Error | null) => void): void
  end(done: () => void): void
}

describe('the driver of MySQL in a lane', () => {
  it('names what handlers ask of their database outside of requests, but not that they let go of it', async () => {
    const lab = await startMysqlLab(() => [])
    const noted: string[] = []
    const { database } = createMysqlDriver({
      ...{ module: import.meta.filename, address: lab.address, twin: null },
      egress: { allow: (work) => work(), note: (what) => void noted.push(what) },
    })
    const { createConnection } = database.dialectModule as {
      createConnection(config: object): Connection
    }
    const { query, end } = createConnection({})
    const error = await new Promise((done) => query('SELECT name FROM settings', done))
    match(String(error), /there is no request/)
    await new Promise<void>((done) => end(done))
    await lab.close()
    deepEqual(noted, ['a statement to its database'])
  })
})
