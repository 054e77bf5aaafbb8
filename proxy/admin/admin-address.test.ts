import assert from 'node:assert/strict'
import { adminAddressProblem, hostName, isHostAllowed } from './admin-address.ts'

describe('admin address', () => {
  for (const host of ['127.0.0.1', '127.8.8.8', '::1', 'localhost']) {
    it(`may be ${host}`, () => assert.equal(adminAddressProblem({ host, port: 1 }), null))
  }
  for (const host of ['0.0.0.0', '::', '10.0.0.1', 'admin.example', '127.0.0.1.evil.example', '']) {
    it(`may not be ${JSON.stringify(host)}, and says what may`, () => {
      const problem = adminAddressProblem({ host, port: 9901 })
      assert.match(problem ?? '', /127\.0\.0\.1 \(the default\).*probes:/)
    })
  }

  const names = [
    ['localhost:9901', 'localhost'],
    ['LOCALHOST', 'localhost'],
    ['[::1]:9901', '::1'],
    ['127.0.0.1', '127.0.0.1'],
    ['a@localhost', null],
    ['localhost:99999999', null],
    ['localhost/', null],
    ['', null],
  ] as const
  for (const [header, name] of names) {
    it(`reads ${JSON.stringify(header)} as ${name}`, () => assert.equal(hostName(header), name))
  }

  const hosts = [
    ['localhost:1', true],
    ['[::1]:1', true],
    ['admin.internal', true],
    ['evil.example', false],
    ['10.0.0.1', false],
    [undefined, false],
  ] as const
  for (const [header, allowed] of hosts) {
    it(`${allowed ? 'serves' : 'refuses'} the Host ${header}`, () =>
      assert.equal(isHostAllowed(header, 'admin.internal'), allowed))
  }
})
