/** Parameters of the collector, apart from the functions that set them, because every state has them. */
/** The collector's parameters that scripts have set. They have no effect; setting one returns its previous value. */
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
