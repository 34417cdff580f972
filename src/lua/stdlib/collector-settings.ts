/** Settings of the collector, apart from the functions that change them: a state has them from its beginning. */
/** What scripts have set; nothing follows from it but what they are told later. */
export interface CollectorSettings {
  mode: 'incremental' | 'generational'
  running: boolean
  pause: number
  stepMultiplier: number
}

export const defaultSettings = (): CollectorSettings => ({
  mode: 'incremental',
  running: true,
  pause: 200,
  stepMultiplier: 100,
})
