/** What the seeded people are called and write about, in several scripts. */

export interface Script {
  readonly names: readonly string[]
  readonly words: readonly string[]
  /** What stands between two words. */
  readonly gap: string
  readonly stop: string
}

export const scripts: readonly [Script, ...Script[]] = [
  {
    names: ['anna', 'bruno', 'chloe', 'dmitri', 'elena', 'françois', 'Ingrid', 'José', 'o.neil'],
    words:
      'the a of and slow quick river proxy legacy answer coffee naïve façade über garden compare window Tuesday nobody rewrites everything at once'.split(
        ' ',
      ),
    gap: ' ',
    stop: '.',
  },
  {
    names: ['Иван', 'Ольга', 'Сергей', 'Наташа', 'Ёжик'],
    words: 'весна дом река поезд вечер старый новый код ответ снег и в на почему завтра ещё'.split(
      ' ',
    ),
    gap: ' ',
    stop: '.',
  },
  {
    names: ['李雷', '韩梅梅', '山田', 'さくら', '김민준'],
    words: [
      '春天',
      '古い',
      '新しい',
      '代码',
      '答え',
      '河川',
      '머신',
      '커피',
      '城市',
      '夜',
      '𠮷野家',
    ],
    gap: '',
    stop: '。',
  },
  {
    names: ['ليلى', 'عمر', 'דוד', 'שרה'],
    words: 'سلام بيت نهر قديم جديد سؤال جواب ليل שלום בית ספר ישן חדש'.split(' '),
    gap: ' ',
    stop: '.',
  },
  {
    names: ['fox🦊', 'astro👩‍🚀', 'Zoë🌊'],
    words: ['🚀', '🌍', '👩‍👩‍👧', 'hello', 'ship', '🇫🇷', 'it', '❤️', 'again', '🤷🏽', 'café'],
    gap: ' ',
    stop: '!',
  },
]

// biome-ignore format: one name after the other
export const tagNames: readonly string[] = [
  'php', 'ruby', 'typescript', 'koa', 'proxies', 'c++', 'C#', 'node.js', 'a/b', 'Q&A', '<html>',
  '"quoted"', "it's", '100%', 'two words', 'snake_case', 'UPPER', 'upper', 'é', 'новости', 'Москва',
  'код', '日本語', '中文', '한국어', '数据库', 'عربي', 'עברית', '🚀', '🦊🦊', 'zürich', 'naïve', 'legacy',
  'testing', 'history', 'coffee', 'rivers', 'slow-web', 'back\\slash', '+1',
]

/** What page templates and comparers trip over. */
export const traps: readonly string[] = [
  '<b>bold</b>',
  '& then',
  '<script>alert(1)</script>',
  '"quotes" and \'apostrophes\'',
  '&amp; &lt;escaped&gt;',
  'a\\b\\n',
  '100% / 2',
  '%41%00',
  '$1 #{x} {{y}}',
]
