import cluster from 'node:cluster'

/** In the environment, tells a process of several its number. */
export const PROCESS = 'CITIES_PROCESS'

/** The number of this process among several, from 1; undefined where there are none, and in the one that starts them. */
export const thisProcess = cluster.isWorker ? process.env[PROCESS] : undefined
