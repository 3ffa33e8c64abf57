import { lstat, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ServerUnavailable } from './server-unavailable.js'

/** A folder under the system's temporary one that stays, and that no other user can have put a program into. */
export async function privateFolder(): Promise<string> {
  const uid = process.getuid?.()
  if (uid === undefined) throw new ServerUnavailable('There are no private folders on this system')
  const folder = join(tmpdir(), `smart-cache-servers-${uid}`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const found = await lstat(folder)
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o077) !== 0)
    throw new ServerUnavailable(`${folder} is not a folder of ours alone`)
  return folder
}
