/** "Did you mean": the nearest of the names that would have been right. Pure. */

/** Levenshtein distance, letters in any case. */
const distance = (from: string, to: string): number => {
  const [a, b] = [from.toLowerCase(), to.toLowerCase()]
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same))
    }
    row = next
  }
  return row[b.length] ?? 0
}

/** Longer words are not guessed at: the distance costs their length times that of every name. */
const longestGuess = 100

/** The nearest of `names`, no further than two letters or a third of the word; null: none is near. */
export const nearest = (word: string, names: readonly string[]): string | null => {
  if (word.length > longestGuess) return null
  const limit = Math.max(2, Math.floor(word.length / 3))
  const scored = names
    .filter((name) => Math.abs(name.length - word.length) <= limit)
    .map((name) => ({ name, off: distance(word, name) }))
    .sort((a, b) => a.off - b.off)
  const best = scored[0]
  return best !== undefined && best.off <= limit && best.off < best.name.length ? best.name : null
}

const mostListed = 20

/** The hint for a word that is none of `names`. */
export const suggest = (word: string, names: readonly string[]): string => {
  const near = nearest(word, names)
  const listed = names.slice(0, mostListed).join(', ')
  const more = names.length > mostListed ? `, and ${names.length - mostListed} more` : ''
  const allowed = names.length === 0 ? 'there are none' : `allowed: ${listed}${more}`
  return near === null ? allowed : `did you mean "${near}"? ${allowed}`
}
