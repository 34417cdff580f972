/** The inside of a job (jobs.ts): takes tasks from the process that started it, and ends with that. */
import type { Answer, Assignment } from './jobs.js'

/** Does each task that comes in. The handler says how far it is by `note`. */
export const work = <Task, Note, Result>(handle: (task: Task, note: (note: Note) => void) => Result): void => {
  const parent = process.ppid
  const send = (answer: Answer<Note, Result>) => process.send!(answer, undefined, {}, endWithoutParent)
  const note = (value: Note) => {
    // while a handler runs, no event tells that nobody listens any more
    if (process.ppid !== parent) process.exit()
    send({ note: value })
  }
  process.on('disconnect', () => process.exit())
  process.on('message', ({ task }: Assignment<Task>) => {
    try {
      send({ result: handle(task, note) })
    } catch (error) {
      if (process.env.HAPSIM_DEBUG) console.error(error)
      send({ error: { message: (error as Error).message } })
    }
  })
}

const endWithoutParent = (error: Error | null): void => {
  if (error) process.exit()
}
