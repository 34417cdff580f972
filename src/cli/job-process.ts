/** The child side of a job (jobs.ts): receives tasks from its parent process and ends with it. */
import type { JobMessage, TaskMessage } from './jobs.js'

/** Handles each task received. The handler reports progress with `report`. */
export const serveTasks = <Task, Note, Result>(handle: (task: Task, report: (note: Note) => void) => Result): void => {
  const parent = process.ppid
  const send = (answer: JobMessage<Note, Result>) => process.send!(answer, undefined, {}, endWithoutParent)
  const report = (note: Note) => {
    // while a handler runs, a disconnect event cannot be delivered
    if (process.ppid !== parent) process.exit()
    send({ note })
  }
  process.on('disconnect', () => process.exit())
  process.on('message', ({ task }: TaskMessage<Task>) => {
    try {
      send({ result: handle(task, report) })
    } catch (error) {
      if (process.env.HAPSIM_DEBUG) console.error(error)
      send({ error: { message: (error as Error).message } })
    }
  })
}

const endWithoutParent = (error: Error | null): void => {
  if (error) process.exit()
}
