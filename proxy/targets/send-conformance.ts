import { answers } from './conformance/answers.ts'
import { type Ability, type Behaviour, createLab, type SendMaker } from './conformance/behaviour.ts'
import { endings } from './conformance/endings.ts'
import { uploads } from './conformance/uploads.ts'

const groups: Readonly<Record<string, readonly Behaviour[]>> = { answers, uploads, endings }

const isBeyond = (cannot: readonly Ability[], { needs }: Behaviour): boolean =>
  needs !== undefined && cannot.includes(needs)

/**
 * What every maker of a `Send` must do, as a mocha suite. A maker names what it cannot do by
 * nature; nothing else is left out.
 */
export const describeSend = (name: string, maker: SendMaker): void => {
  describe(`${name} is a Send`, () => {
    for (const [group, behaviours] of Object.entries(groups)) {
      describe(group, () => {
        for (const behaviour of behaviours) {
          if (isBeyond(maker.cannot, behaviour)) continue
          it(behaviour.title, async () => {
            const lab = createLab(maker)
            try {
              await behaviour.holds(lab)
            } finally {
              await lab.close()
            }
          })
        }
      })
    }
  })
}
