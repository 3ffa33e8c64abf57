import { nextInstant } from 'smart-cache'

/** A question to a schedule, and the next three instants. */
export interface Row {
  readonly zone: string
  /** A cron expression, or times of day. */
  readonly line: string
  readonly from: string
  readonly next: readonly string[]
  /** Who says so besides. */
  readonly agreed: readonly string[]
}

/**
 * Zone | line, or times of day | from | next | agreed by
 *
 * The expected instants were made by `JavaTimeOracle.java` beside this file (java.time of OpenJDK 17 with the rules of Debian's cron, minute by
 * minute). At the end of each row stands who else agrees: croner 11 and Temporal, which the test asks again, and `systemd-analyze calendar` of
 * systemd 252 on Debian 12, which loses what lies in a gap of the clock. The years are past, for governments change what is to come.
 */
const TABLE = `
# clocks set forwards
Europe/Berlin | 30 2 * * * | 2024-03-30T07:00:00Z | 2024-03-31T01:00:00Z 2024-04-01T00:30:00Z 2024-04-02T00:30:00Z | java.time, croner
Europe/Berlin | 0 2 * * * | 2024-03-30T07:00:00Z | 2024-03-31T01:00:00Z 2024-04-01T00:00:00Z 2024-04-02T00:00:00Z | java.time, croner
Europe/Berlin | 02:30 | 2024-03-30T07:00:00Z | 2024-03-31T01:30:00Z 2024-04-01T00:30:00Z 2024-04-02T00:30:00Z | java.time, Temporal
Europe/Berlin | */15 * * * * | 2024-03-31T00:44:00Z | 2024-03-31T00:45:00Z 2024-03-31T01:00:00Z 2024-03-31T01:15:00Z | java.time, croner, systemd
Europe/Berlin | 30 * * * * | 2024-03-31T00:10:00Z | 2024-03-31T00:30:00Z 2024-03-31T01:30:00Z 2024-03-31T02:30:00Z | java.time, croner, systemd
Europe/Berlin | 02:00 02:30 | 2024-03-31T00:00:00Z | 2024-03-31T01:00:00Z 2024-03-31T01:30:00Z 2024-04-01T00:00:00Z | java.time, Temporal
America/New_York | 30 2 * * * | 2025-03-08T13:00:00Z | 2025-03-09T07:00:00Z 2025-03-10T06:30:00Z 2025-03-11T06:30:00Z | java.time, croner
America/New_York | 0 2 * * * | 2025-03-08T13:00:00Z | 2025-03-09T07:00:00Z 2025-03-10T06:00:00Z 2025-03-11T06:00:00Z | java.time, croner
America/New_York | 02:30 | 2025-03-08T13:00:00Z | 2025-03-09T07:30:00Z 2025-03-10T06:30:00Z 2025-03-11T06:30:00Z | java.time, Temporal
America/New_York | */15 * * * * | 2025-03-09T06:44:00Z | 2025-03-09T06:45:00Z 2025-03-09T07:00:00Z 2025-03-09T07:15:00Z | java.time, croner, systemd
America/New_York | 30 * * * * | 2025-03-09T06:10:00Z | 2025-03-09T06:30:00Z 2025-03-09T07:30:00Z 2025-03-09T08:30:00Z | java.time, croner, systemd
America/New_York | 02:00 02:30 | 2025-03-09T06:00:00Z | 2025-03-09T07:00:00Z 2025-03-09T07:30:00Z 2025-03-10T06:00:00Z | java.time, Temporal
America/St_Johns | 31 0 * * * | 2011-03-12T09:31:00Z | 2011-03-13T03:31:00Z 2011-03-14T03:01:00Z 2011-03-15T03:01:00Z | java.time, croner
America/St_Johns | 1 0 * * * | 2011-03-12T09:31:00Z | 2011-03-13T03:31:00Z 2011-03-14T02:31:00Z 2011-03-15T02:31:00Z | java.time, croner
America/St_Johns | 00:31 | 2011-03-12T09:31:00Z | 2011-03-13T04:01:00Z 2011-03-14T03:01:00Z 2011-03-15T03:01:00Z | java.time, Temporal
America/St_Johns | */15 * * * * | 2011-03-13T03:15:00Z | 2011-03-13T03:30:00Z 2011-03-13T03:45:00Z 2011-03-13T04:00:00Z | java.time, croner, systemd
America/St_Johns | 31 * * * * | 2011-03-13T02:41:00Z | 2011-03-13T03:01:00Z 2011-03-13T04:01:00Z 2011-03-13T05:01:00Z | java.time, croner
America/St_Johns | 00:01 00:31 | 2011-03-13T02:31:00Z | 2011-03-13T03:31:00Z 2011-03-13T04:01:00Z 2011-03-14T02:31:00Z | java.time, Temporal
America/Havana | 30 0 * * * | 2024-03-09T11:00:00Z | 2024-03-10T05:00:00Z 2024-03-11T04:30:00Z 2024-03-12T04:30:00Z | java.time, croner
America/Havana | 0 0 * * * | 2024-03-09T11:00:00Z | 2024-03-10T05:00:00Z 2024-03-11T04:00:00Z 2024-03-12T04:00:00Z | java.time, croner
America/Havana | 00:30 | 2024-03-09T11:00:00Z | 2024-03-10T05:30:00Z 2024-03-11T04:30:00Z 2024-03-12T04:30:00Z | java.time, Temporal
America/Havana | */15 * * * * | 2024-03-10T04:44:00Z | 2024-03-10T04:45:00Z 2024-03-10T05:00:00Z 2024-03-10T05:15:00Z | java.time, croner, systemd
America/Havana | 30 * * * * | 2024-03-10T04:10:00Z | 2024-03-10T04:30:00Z 2024-03-10T05:30:00Z 2024-03-10T06:30:00Z | java.time, croner, systemd
America/Havana | 00:00 00:30 | 2024-03-10T04:00:00Z | 2024-03-10T05:00:00Z 2024-03-10T05:30:00Z 2024-03-11T04:00:00Z | java.time, Temporal
America/Santiago | 30 0 * * * | 2024-09-07T10:00:00Z | 2024-09-08T04:00:00Z 2024-09-09T03:30:00Z 2024-09-10T03:30:00Z | java.time, croner
America/Santiago | 0 0 * * * | 2024-09-07T10:00:00Z | 2024-09-08T04:00:00Z 2024-09-09T03:00:00Z 2024-09-10T03:00:00Z | java.time, croner
America/Santiago | 00:30 | 2024-09-07T10:00:00Z | 2024-09-08T04:30:00Z 2024-09-09T03:30:00Z 2024-09-10T03:30:00Z | java.time, Temporal
America/Santiago | */15 * * * * | 2024-09-08T03:44:00Z | 2024-09-08T03:45:00Z 2024-09-08T04:00:00Z 2024-09-08T04:15:00Z | java.time, croner, systemd
America/Santiago | 30 * * * * | 2024-09-08T03:10:00Z | 2024-09-08T03:30:00Z 2024-09-08T04:30:00Z 2024-09-08T05:30:00Z | java.time, croner, systemd
America/Santiago | 00:00 00:30 | 2024-09-08T03:00:00Z | 2024-09-08T04:00:00Z 2024-09-08T04:30:00Z 2024-09-09T03:00:00Z | java.time, Temporal
Africa/Cairo | 30 0 * * * | 2024-04-25T04:00:00Z | 2024-04-25T22:00:00Z 2024-04-26T21:30:00Z 2024-04-27T21:30:00Z | java.time, croner
Africa/Cairo | 0 0 * * * | 2024-04-25T04:00:00Z | 2024-04-25T22:00:00Z 2024-04-26T21:00:00Z 2024-04-27T21:00:00Z | java.time, croner
Africa/Cairo | 00:30 | 2024-04-25T04:00:00Z | 2024-04-25T22:30:00Z 2024-04-26T21:30:00Z 2024-04-27T21:30:00Z | java.time, Temporal
Africa/Cairo | */15 * * * * | 2024-04-25T21:44:00Z | 2024-04-25T21:45:00Z 2024-04-25T22:00:00Z 2024-04-25T22:15:00Z | java.time, croner, systemd
Africa/Cairo | 30 * * * * | 2024-04-25T21:10:00Z | 2024-04-25T21:30:00Z 2024-04-25T22:30:00Z 2024-04-25T23:30:00Z | java.time, croner, systemd
Africa/Cairo | 00:00 00:30 | 2024-04-25T21:00:00Z | 2024-04-25T22:00:00Z 2024-04-25T22:30:00Z 2024-04-26T21:00:00Z | java.time, Temporal
Africa/Casablanca | 30 2 * * * | 2023-04-22T08:00:00Z | 2023-04-23T02:00:00Z 2023-04-24T01:30:00Z 2023-04-25T01:30:00Z | java.time, croner
Africa/Casablanca | 0 2 * * * | 2023-04-22T08:00:00Z | 2023-04-23T02:00:00Z 2023-04-24T01:00:00Z 2023-04-25T01:00:00Z | java.time, croner
Africa/Casablanca | 02:30 | 2023-04-22T08:00:00Z | 2023-04-23T02:30:00Z 2023-04-24T01:30:00Z 2023-04-25T01:30:00Z | java.time, Temporal
Africa/Casablanca | */15 * * * * | 2023-04-23T01:44:00Z | 2023-04-23T01:45:00Z 2023-04-23T02:00:00Z 2023-04-23T02:15:00Z | java.time, croner, systemd
Africa/Casablanca | 30 * * * * | 2023-04-23T01:10:00Z | 2023-04-23T01:30:00Z 2023-04-23T02:30:00Z 2023-04-23T03:30:00Z | java.time, croner, systemd
Africa/Casablanca | 02:00 02:30 | 2023-04-23T01:00:00Z | 2023-04-23T02:00:00Z 2023-04-23T02:30:00Z 2023-04-24T01:00:00Z | java.time, Temporal
Asia/Beirut | 30 0 * * * | 2024-03-30T04:00:00Z | 2024-03-30T22:00:00Z 2024-03-31T21:30:00Z 2024-04-01T21:30:00Z | java.time, croner
Asia/Beirut | 0 0 * * * | 2024-03-30T04:00:00Z | 2024-03-30T22:00:00Z 2024-03-31T21:00:00Z 2024-04-01T21:00:00Z | java.time, croner
Asia/Beirut | 00:30 | 2024-03-30T04:00:00Z | 2024-03-30T22:30:00Z 2024-03-31T21:30:00Z 2024-04-01T21:30:00Z | java.time, Temporal
Asia/Beirut | */15 * * * * | 2024-03-30T21:44:00Z | 2024-03-30T21:45:00Z 2024-03-30T22:00:00Z 2024-03-30T22:15:00Z | java.time, croner, systemd
Asia/Beirut | 30 * * * * | 2024-03-30T21:10:00Z | 2024-03-30T21:30:00Z 2024-03-30T22:30:00Z 2024-03-30T23:30:00Z | java.time, croner, systemd
Asia/Beirut | 00:00 00:30 | 2024-03-30T21:00:00Z | 2024-03-30T22:00:00Z 2024-03-30T22:30:00Z 2024-03-31T21:00:00Z | java.time, Temporal
Atlantic/Azores | 30 0 * * * | 2024-03-30T07:00:00Z | 2024-03-31T01:00:00Z 2024-04-01T00:30:00Z 2024-04-02T00:30:00Z | java.time, croner
Atlantic/Azores | 0 0 * * * | 2024-03-30T07:00:00Z | 2024-03-31T01:00:00Z 2024-04-01T00:00:00Z 2024-04-02T00:00:00Z | java.time, croner
Atlantic/Azores | 00:30 | 2024-03-30T07:00:00Z | 2024-03-31T01:30:00Z 2024-04-01T00:30:00Z 2024-04-02T00:30:00Z | java.time, Temporal
Atlantic/Azores | */15 * * * * | 2024-03-31T00:44:00Z | 2024-03-31T00:45:00Z 2024-03-31T01:00:00Z 2024-03-31T01:15:00Z | java.time, croner, systemd
Atlantic/Azores | 30 * * * * | 2024-03-31T00:10:00Z | 2024-03-31T00:30:00Z 2024-03-31T01:30:00Z 2024-03-31T02:30:00Z | java.time, croner, systemd
Atlantic/Azores | 00:00 00:30 | 2024-03-31T00:00:00Z | 2024-03-31T01:00:00Z 2024-03-31T01:30:00Z 2024-04-01T00:00:00Z | java.time, Temporal
Australia/Lord_Howe | 15 2 * * * | 2024-10-04T21:30:00Z | 2024-10-05T15:30:00Z 2024-10-06T15:15:00Z 2024-10-07T15:15:00Z | java.time, croner
Australia/Lord_Howe | 0 2 * * * | 2024-10-04T21:30:00Z | 2024-10-05T15:30:00Z 2024-10-06T15:00:00Z 2024-10-07T15:00:00Z | java.time, croner
Australia/Lord_Howe | 02:15 | 2024-10-04T21:30:00Z | 2024-10-05T15:45:00Z 2024-10-06T15:15:00Z 2024-10-07T15:15:00Z | java.time, Temporal
Australia/Lord_Howe | */15 * * * * | 2024-10-05T15:14:00Z | 2024-10-05T15:15:00Z 2024-10-05T15:30:00Z 2024-10-05T15:45:00Z | java.time, croner, systemd
Australia/Lord_Howe | 15 * * * * | 2024-10-05T14:40:00Z | 2024-10-05T14:45:00Z 2024-10-05T16:15:00Z 2024-10-05T17:15:00Z | java.time, croner, systemd
Australia/Lord_Howe | 02:00 02:15 | 2024-10-05T14:30:00Z | 2024-10-05T15:30:00Z 2024-10-05T15:45:00Z 2024-10-06T15:00:00Z | java.time, Temporal
Antarctica/Troll | 0 2 * * * | 2024-03-30T07:00:00Z | 2024-03-31T01:00:00Z 2024-04-01T00:00:00Z 2024-04-02T00:00:00Z | java.time, croner
Antarctica/Troll | 0 1 * * * | 2024-03-30T07:00:00Z | 2024-03-31T01:00:00Z 2024-03-31T23:00:00Z 2024-04-01T23:00:00Z | java.time, croner
Antarctica/Troll | 02:00 | 2024-03-30T07:00:00Z | 2024-03-31T02:00:00Z 2024-04-01T00:00:00Z 2024-04-02T00:00:00Z | java.time, Temporal
Antarctica/Troll | */15 * * * * | 2024-03-31T00:44:00Z | 2024-03-31T00:45:00Z 2024-03-31T01:00:00Z 2024-03-31T01:15:00Z | java.time, croner, systemd
Antarctica/Troll | 0 * * * * | 2024-03-31T00:10:00Z | 2024-03-31T01:00:00Z 2024-03-31T02:00:00Z 2024-03-31T03:00:00Z | java.time, croner, systemd
Antarctica/Troll | 01:00 02:00 | 2024-03-31T00:00:00Z | 2024-03-31T01:00:00Z 2024-03-31T02:00:00Z 2024-03-31T23:00:00Z | java.time, Temporal
Pacific/Chatham | 15 3 * * * | 2024-09-27T20:00:00Z | 2024-09-28T14:00:00Z 2024-09-29T13:30:00Z 2024-09-30T13:30:00Z | java.time, croner
Pacific/Chatham | 45 2 * * * | 2024-09-27T20:00:00Z | 2024-09-28T14:00:00Z 2024-09-29T13:00:00Z 2024-09-30T13:00:00Z | java.time, croner
Pacific/Chatham | 03:15 | 2024-09-27T20:00:00Z | 2024-09-28T14:30:00Z 2024-09-29T13:30:00Z 2024-09-30T13:30:00Z | java.time, Temporal
Pacific/Chatham | */15 * * * * | 2024-09-28T13:44:00Z | 2024-09-28T13:45:00Z 2024-09-28T14:00:00Z 2024-09-28T14:15:00Z | java.time, croner
Pacific/Chatham | 15 * * * * | 2024-09-28T13:10:00Z | 2024-09-28T13:30:00Z 2024-09-28T14:30:00Z 2024-09-28T15:30:00Z | java.time, croner, systemd
Pacific/Chatham | 02:45 03:15 | 2024-09-28T13:00:00Z | 2024-09-28T14:00:00Z 2024-09-28T14:30:00Z 2024-09-29T13:00:00Z | java.time, Temporal
America/Nuuk | 30 22 * * * | 2022-03-26T07:00:00Z | 2022-03-27T01:00:00Z 2022-03-28T00:30:00Z 2022-03-29T00:30:00Z | java.time, croner
America/Nuuk | 0 22 * * * | 2022-03-26T07:00:00Z | 2022-03-27T01:00:00Z 2022-03-28T00:00:00Z 2022-03-29T00:00:00Z | java.time, croner
America/Nuuk | 22:30 | 2022-03-26T07:00:00Z | 2022-03-27T01:30:00Z 2022-03-28T00:30:00Z 2022-03-29T00:30:00Z | java.time, Temporal
America/Nuuk | */15 * * * * | 2022-03-27T00:44:00Z | 2022-03-27T00:45:00Z 2022-03-27T01:00:00Z 2022-03-27T01:15:00Z | java.time, croner, systemd
America/Nuuk | 30 * * * * | 2022-03-27T00:10:00Z | 2022-03-27T00:30:00Z 2022-03-27T01:30:00Z 2022-03-27T02:30:00Z | java.time, croner, systemd
America/Nuuk | 22:00 22:30 | 2022-03-27T00:00:00Z | 2022-03-27T01:00:00Z 2022-03-27T01:30:00Z 2022-03-28T00:00:00Z | java.time, Temporal
# clocks set back
Europe/Berlin | 30 2 * * * | 2024-10-26T07:00:00Z | 2024-10-27T00:30:00Z 2024-10-28T01:30:00Z 2024-10-29T01:30:00Z | java.time, croner, systemd
Europe/Berlin | 0 2 * * * | 2024-10-26T07:00:00Z | 2024-10-27T00:00:00Z 2024-10-28T01:00:00Z 2024-10-29T01:00:00Z | java.time, croner, systemd
Europe/Berlin | 02:30 | 2024-10-26T07:00:00Z | 2024-10-27T00:30:00Z 2024-10-28T01:30:00Z 2024-10-29T01:30:00Z | java.time, Temporal, systemd
Europe/Berlin | */15 * * * * | 2024-10-27T00:44:00Z | 2024-10-27T00:45:00Z 2024-10-27T01:00:00Z 2024-10-27T01:15:00Z | java.time, croner
Europe/Berlin | 30 * * * * | 2024-10-27T00:10:00Z | 2024-10-27T00:30:00Z 2024-10-27T01:30:00Z 2024-10-27T02:30:00Z | java.time, croner
Europe/Berlin | 02:00 02:30 | 2024-10-27T00:00:00Z | 2024-10-27T00:30:00Z 2024-10-28T01:00:00Z 2024-10-28T01:30:00Z | java.time, Temporal
America/New_York | 30 1 * * * | 2025-11-01T12:00:00Z | 2025-11-02T05:30:00Z 2025-11-03T06:30:00Z 2025-11-04T06:30:00Z | java.time, croner, systemd
America/New_York | 0 1 * * * | 2025-11-01T12:00:00Z | 2025-11-02T05:00:00Z 2025-11-03T06:00:00Z 2025-11-04T06:00:00Z | java.time, croner, systemd
America/New_York | 01:30 | 2025-11-01T12:00:00Z | 2025-11-02T05:30:00Z 2025-11-03T06:30:00Z 2025-11-04T06:30:00Z | java.time, Temporal, systemd
America/New_York | */15 * * * * | 2025-11-02T05:44:00Z | 2025-11-02T05:45:00Z 2025-11-02T06:00:00Z 2025-11-02T06:15:00Z | java.time, croner
America/New_York | 30 * * * * | 2025-11-02T05:10:00Z | 2025-11-02T05:30:00Z 2025-11-02T06:30:00Z 2025-11-02T07:30:00Z | java.time, croner
America/New_York | 01:00 01:30 | 2025-11-02T05:00:00Z | 2025-11-02T05:30:00Z 2025-11-03T06:00:00Z 2025-11-03T06:30:00Z | java.time, Temporal
America/St_Johns | 30 1 * * * | 2011-11-05T10:30:00Z | 2011-11-06T04:00:00Z 2011-11-07T05:00:00Z 2011-11-08T05:00:00Z | java.time, croner, systemd
America/St_Johns | 0 1 * * * | 2011-11-05T10:30:00Z | 2011-11-06T03:30:00Z 2011-11-07T04:30:00Z 2011-11-08T04:30:00Z | java.time, croner, systemd
America/St_Johns | 01:30 | 2011-11-05T10:30:00Z | 2011-11-06T04:00:00Z 2011-11-07T05:00:00Z 2011-11-08T05:00:00Z | java.time, Temporal, systemd
America/St_Johns | */15 * * * * | 2011-11-06T04:14:00Z | 2011-11-06T04:15:00Z 2011-11-06T04:30:00Z 2011-11-06T04:45:00Z | java.time, croner
America/St_Johns | 30 * * * * | 2011-11-06T03:40:00Z | 2011-11-06T04:00:00Z 2011-11-06T05:00:00Z 2011-11-06T06:00:00Z | java.time, croner
America/St_Johns | 01:00 01:30 | 2011-11-06T03:30:00Z | 2011-11-06T04:00:00Z 2011-11-07T04:30:00Z 2011-11-07T05:00:00Z | java.time, Temporal
America/Havana | 30 0 * * * | 2024-11-02T11:00:00Z | 2024-11-03T04:30:00Z 2024-11-04T05:30:00Z 2024-11-05T05:30:00Z | java.time, croner, systemd
America/Havana | 0 0 * * * | 2024-11-02T11:00:00Z | 2024-11-03T04:00:00Z 2024-11-04T05:00:00Z 2024-11-05T05:00:00Z | java.time, croner, systemd
America/Havana | 00:30 | 2024-11-02T11:00:00Z | 2024-11-03T04:30:00Z 2024-11-04T05:30:00Z 2024-11-05T05:30:00Z | java.time, Temporal, systemd
America/Havana | */15 * * * * | 2024-11-03T04:44:00Z | 2024-11-03T04:45:00Z 2024-11-03T05:00:00Z 2024-11-03T05:15:00Z | java.time, croner
America/Havana | 30 * * * * | 2024-11-03T04:10:00Z | 2024-11-03T04:30:00Z 2024-11-03T05:30:00Z 2024-11-03T06:30:00Z | java.time, croner
America/Havana | 00:00 00:30 | 2024-11-03T04:00:00Z | 2024-11-03T04:30:00Z 2024-11-04T05:00:00Z 2024-11-04T05:30:00Z | java.time, Temporal
America/Santiago | 30 23 * * * | 2024-04-06T09:00:00Z | 2024-04-07T02:30:00Z 2024-04-08T03:30:00Z 2024-04-09T03:30:00Z | java.time, croner, systemd
America/Santiago | 0 23 * * * | 2024-04-06T09:00:00Z | 2024-04-07T02:00:00Z 2024-04-08T03:00:00Z 2024-04-09T03:00:00Z | java.time, croner, systemd
America/Santiago | 23:30 | 2024-04-06T09:00:00Z | 2024-04-07T02:30:00Z 2024-04-08T03:30:00Z 2024-04-09T03:30:00Z | java.time, Temporal, systemd
America/Santiago | */15 * * * * | 2024-04-07T02:44:00Z | 2024-04-07T02:45:00Z 2024-04-07T03:00:00Z 2024-04-07T03:15:00Z | java.time, croner
America/Santiago | 30 * * * * | 2024-04-07T02:10:00Z | 2024-04-07T02:30:00Z 2024-04-07T03:30:00Z 2024-04-07T04:30:00Z | java.time, croner
America/Santiago | 23:00 23:30 | 2024-04-07T02:00:00Z | 2024-04-07T02:30:00Z 2024-04-08T03:00:00Z 2024-04-08T03:30:00Z | java.time, Temporal
Africa/Cairo | 30 23 * * * | 2024-10-31T03:00:00Z | 2024-10-31T20:30:00Z 2024-11-01T21:30:00Z 2024-11-02T21:30:00Z | java.time, croner, systemd
Africa/Cairo | 0 23 * * * | 2024-10-31T03:00:00Z | 2024-10-31T20:00:00Z 2024-11-01T21:00:00Z 2024-11-02T21:00:00Z | java.time, croner, systemd
Africa/Cairo | 23:30 | 2024-10-31T03:00:00Z | 2024-10-31T20:30:00Z 2024-11-01T21:30:00Z 2024-11-02T21:30:00Z | java.time, Temporal, systemd
Africa/Cairo | */15 * * * * | 2024-10-31T20:44:00Z | 2024-10-31T20:45:00Z 2024-10-31T21:00:00Z 2024-10-31T21:15:00Z | java.time, croner
Africa/Cairo | 30 * * * * | 2024-10-31T20:10:00Z | 2024-10-31T20:30:00Z 2024-10-31T21:30:00Z 2024-10-31T22:30:00Z | java.time, croner
Africa/Cairo | 23:00 23:30 | 2024-10-31T20:00:00Z | 2024-10-31T20:30:00Z 2024-11-01T21:00:00Z 2024-11-01T21:30:00Z | java.time, Temporal
Africa/Casablanca | 30 2 * * * | 2023-03-18T08:00:00Z | 2023-03-19T01:30:00Z 2023-03-20T02:30:00Z 2023-03-21T02:30:00Z | java.time, croner, systemd
Africa/Casablanca | 0 2 * * * | 2023-03-18T08:00:00Z | 2023-03-19T01:00:00Z 2023-03-20T02:00:00Z 2023-03-21T02:00:00Z | java.time, croner, systemd
Africa/Casablanca | 02:30 | 2023-03-18T08:00:00Z | 2023-03-19T01:30:00Z 2023-03-20T02:30:00Z 2023-03-21T02:30:00Z | java.time, Temporal, systemd
Africa/Casablanca | */15 * * * * | 2023-03-19T01:44:00Z | 2023-03-19T01:45:00Z 2023-03-19T02:00:00Z 2023-03-19T02:15:00Z | java.time, croner
Africa/Casablanca | 30 * * * * | 2023-03-19T01:10:00Z | 2023-03-19T01:30:00Z 2023-03-19T02:30:00Z 2023-03-19T03:30:00Z | java.time, croner
Africa/Casablanca | 02:00 02:30 | 2023-03-19T01:00:00Z | 2023-03-19T01:30:00Z 2023-03-20T02:00:00Z 2023-03-20T02:30:00Z | java.time, Temporal
Asia/Beirut | 30 23 * * * | 2024-10-26T03:00:00Z | 2024-10-26T20:30:00Z 2024-10-27T21:30:00Z 2024-10-28T21:30:00Z | java.time, croner, systemd
Asia/Beirut | 0 23 * * * | 2024-10-26T03:00:00Z | 2024-10-26T20:00:00Z 2024-10-27T21:00:00Z 2024-10-28T21:00:00Z | java.time, croner, systemd
Asia/Beirut | 23:30 | 2024-10-26T03:00:00Z | 2024-10-26T20:30:00Z 2024-10-27T21:30:00Z 2024-10-28T21:30:00Z | java.time, Temporal, systemd
Asia/Beirut | */15 * * * * | 2024-10-26T20:44:00Z | 2024-10-26T20:45:00Z 2024-10-26T21:00:00Z 2024-10-26T21:15:00Z | java.time, croner
Asia/Beirut | 30 * * * * | 2024-10-26T20:10:00Z | 2024-10-26T20:30:00Z 2024-10-26T21:30:00Z 2024-10-26T22:30:00Z | java.time, croner
Asia/Beirut | 23:00 23:30 | 2024-10-26T20:00:00Z | 2024-10-26T20:30:00Z 2024-10-27T21:00:00Z 2024-10-27T21:30:00Z | java.time, Temporal
Atlantic/Azores | 30 0 * * * | 2024-10-26T07:00:00Z | 2024-10-27T00:30:00Z 2024-10-28T01:30:00Z 2024-10-29T01:30:00Z | java.time, croner, systemd
Atlantic/Azores | 0 0 * * * | 2024-10-26T07:00:00Z | 2024-10-27T00:00:00Z 2024-10-28T01:00:00Z 2024-10-29T01:00:00Z | java.time, croner, systemd
Atlantic/Azores | 00:30 | 2024-10-26T07:00:00Z | 2024-10-27T00:30:00Z 2024-10-28T01:30:00Z 2024-10-29T01:30:00Z | java.time, Temporal, systemd
Atlantic/Azores | */15 * * * * | 2024-10-27T00:44:00Z | 2024-10-27T00:45:00Z 2024-10-27T01:00:00Z 2024-10-27T01:15:00Z | java.time, croner
Atlantic/Azores | 30 * * * * | 2024-10-27T00:10:00Z | 2024-10-27T00:30:00Z 2024-10-27T01:30:00Z 2024-10-27T02:30:00Z | java.time, croner
Atlantic/Azores | 00:00 00:30 | 2024-10-27T00:00:00Z | 2024-10-27T00:30:00Z 2024-10-28T01:00:00Z 2024-10-28T01:30:00Z | java.time, Temporal
Australia/Lord_Howe | 45 1 * * * | 2024-04-05T21:00:00Z | 2024-04-06T14:45:00Z 2024-04-07T15:15:00Z 2024-04-08T15:15:00Z | java.time, croner, systemd
Australia/Lord_Howe | 30 1 * * * | 2024-04-05T21:00:00Z | 2024-04-06T14:30:00Z 2024-04-07T15:00:00Z 2024-04-08T15:00:00Z | java.time, croner, systemd
Australia/Lord_Howe | 01:45 | 2024-04-05T21:00:00Z | 2024-04-06T14:45:00Z 2024-04-07T15:15:00Z 2024-04-08T15:15:00Z | java.time, Temporal, systemd
Australia/Lord_Howe | */15 * * * * | 2024-04-06T14:44:00Z | 2024-04-06T14:45:00Z 2024-04-06T15:00:00Z 2024-04-06T15:15:00Z | java.time, croner
Australia/Lord_Howe | 45 * * * * | 2024-04-06T14:10:00Z | 2024-04-06T14:45:00Z 2024-04-06T15:15:00Z 2024-04-06T16:15:00Z | java.time, croner
Australia/Lord_Howe | 01:30 01:45 | 2024-04-06T14:00:00Z | 2024-04-06T14:30:00Z 2024-04-06T14:45:00Z 2024-04-07T15:00:00Z | java.time, Temporal
Antarctica/Troll | 0 2 * * * | 2024-10-26T07:00:00Z | 2024-10-27T00:00:00Z 2024-10-28T02:00:00Z 2024-10-29T02:00:00Z | java.time, croner, systemd
Antarctica/Troll | 0 1 * * * | 2024-10-26T07:00:00Z | 2024-10-26T23:00:00Z 2024-10-28T01:00:00Z 2024-10-29T01:00:00Z | java.time, croner, systemd
Antarctica/Troll | 02:00 | 2024-10-26T07:00:00Z | 2024-10-27T00:00:00Z 2024-10-28T02:00:00Z 2024-10-29T02:00:00Z | java.time, Temporal, systemd
Antarctica/Troll | */15 * * * * | 2024-10-27T00:44:00Z | 2024-10-27T00:45:00Z 2024-10-27T01:00:00Z 2024-10-27T01:15:00Z | java.time, croner
Antarctica/Troll | 0 * * * * | 2024-10-27T00:10:00Z | 2024-10-27T01:00:00Z 2024-10-27T02:00:00Z 2024-10-27T03:00:00Z | java.time, croner
Antarctica/Troll | 01:00 02:00 | 2024-10-27T00:00:00Z | 2024-10-28T01:00:00Z 2024-10-28T02:00:00Z 2024-10-29T01:00:00Z | java.time, Temporal
Pacific/Chatham | 15 3 * * * | 2024-04-05T20:00:00Z | 2024-04-06T13:30:00Z 2024-04-07T14:30:00Z 2024-04-08T14:30:00Z | java.time, croner, systemd
Pacific/Chatham | 45 2 * * * | 2024-04-05T20:00:00Z | 2024-04-06T13:00:00Z 2024-04-07T14:00:00Z 2024-04-08T14:00:00Z | java.time, croner, systemd
Pacific/Chatham | 03:15 | 2024-04-05T20:00:00Z | 2024-04-06T13:30:00Z 2024-04-07T14:30:00Z 2024-04-08T14:30:00Z | java.time, Temporal, systemd
Pacific/Chatham | */15 * * * * | 2024-04-06T13:44:00Z | 2024-04-06T13:45:00Z 2024-04-06T14:00:00Z 2024-04-06T14:15:00Z | java.time, croner
Pacific/Chatham | 15 * * * * | 2024-04-06T13:10:00Z | 2024-04-06T13:30:00Z 2024-04-06T14:30:00Z 2024-04-06T15:30:00Z | java.time, croner
Pacific/Chatham | 02:45 03:15 | 2024-04-06T13:00:00Z | 2024-04-06T13:30:00Z 2024-04-07T14:00:00Z 2024-04-07T14:30:00Z | java.time, Temporal
America/Nuuk | 30 22 * * * | 2022-10-29T07:00:00Z | 2022-10-30T00:30:00Z 2022-10-31T01:30:00Z 2022-11-01T01:30:00Z | java.time, croner, systemd
America/Nuuk | 0 22 * * * | 2022-10-29T07:00:00Z | 2022-10-30T00:00:00Z 2022-10-31T01:00:00Z 2022-11-01T01:00:00Z | java.time, croner, systemd
America/Nuuk | 22:30 | 2022-10-29T07:00:00Z | 2022-10-30T00:30:00Z 2022-10-31T01:30:00Z 2022-11-01T01:30:00Z | java.time, Temporal, systemd
America/Nuuk | */15 * * * * | 2022-10-30T00:44:00Z | 2022-10-30T00:45:00Z 2022-10-30T01:00:00Z 2022-10-30T01:15:00Z | java.time, croner
America/Nuuk | 30 * * * * | 2022-10-30T00:10:00Z | 2022-10-30T00:30:00Z 2022-10-30T01:30:00Z 2022-10-30T02:30:00Z | java.time, croner
America/Nuuk | 22:00 22:30 | 2022-10-30T00:00:00Z | 2022-10-30T00:30:00Z 2022-10-31T01:00:00Z 2022-10-31T01:30:00Z | java.time, Temporal
# odd places
Pacific/Apia | */30 * * * * | 2011-12-29T12:00:00Z | 2011-12-29T12:30:00Z 2011-12-29T13:00:00Z 2011-12-29T13:30:00Z | java.time, croner, systemd
Pacific/Apia | 12:00 | 2011-12-29T12:00:00Z | 2011-12-29T22:00:00Z 2011-12-30T22:00:00Z 2011-12-31T22:00:00Z | java.time, Temporal, systemd
Pacific/Kwajalein | 12:00 | 1993-08-20T00:00:00Z | 1993-08-21T00:00:00Z 1993-08-22T00:00:00Z 1993-08-23T00:00:00Z | java.time, Temporal, systemd
Pacific/Kwajalein | 0 0 * * * | 1993-08-20T00:00:00Z | 1993-08-20T12:00:00Z 1993-08-21T12:00:00Z 1993-08-22T12:00:00Z | java.time, croner, systemd
Asia/Kathmandu | 5 0 * * * | 1985-12-31T12:00:00Z | 1985-12-31T18:30:00Z 1986-01-01T18:20:00Z 1986-01-02T18:20:00Z | java.time, croner
Asia/Kathmandu | 00:05 | 1985-12-31T12:00:00Z | 1985-12-31T18:35:00Z 1986-01-01T18:20:00Z 1986-01-02T18:20:00Z | java.time, Temporal
Asia/Kathmandu | 0 0 * * * | 1985-12-31T12:00:00Z | 1985-12-31T18:30:00Z 1986-01-01T18:15:00Z 1986-01-02T18:15:00Z | java.time, croner
Asia/Kathmandu | 0 6 * * * | 2024-02-28T12:00:00Z | 2024-02-29T00:15:00Z 2024-03-01T00:15:00Z 2024-03-02T00:15:00Z | java.time, croner, systemd
Asia/Kathmandu | */45 * * * * | 2024-02-28T12:00:00Z | 2024-02-28T12:15:00Z 2024-02-28T13:00:00Z 2024-02-28T13:15:00Z | java.time, croner, systemd
Asia/Kathmandu | 06:00 | 2024-02-28T12:00:00Z | 2024-02-29T00:15:00Z 2024-03-01T00:15:00Z 2024-03-02T00:15:00Z | java.time, Temporal, systemd
Asia/Kathmandu | @daily | 2024-02-28T12:00:00Z | 2024-02-28T18:15:00Z 2024-02-29T18:15:00Z 2024-03-01T18:15:00Z | java.time, croner, systemd
Asia/Pyongyang | 23:45 | 2018-05-04T12:00:00Z | 2018-05-04T15:15:00Z 2018-05-05T14:45:00Z 2018-05-06T14:45:00Z | java.time, Temporal
Asia/Pyongyang | */20 * * * * | 2018-05-04T12:00:00Z | 2018-05-04T12:10:00Z 2018-05-04T12:30:00Z 2018-05-04T12:50:00Z | java.time, croner, systemd
Pacific/Kiritimati | 0 0 * * * | 2024-12-31T09:59:59Z | 2024-12-31T10:00:00Z 2025-01-01T10:00:00Z 2025-01-02T10:00:00Z | java.time, croner, systemd
Pacific/Kiritimati | 00:00 | 2024-12-31T09:59:59Z | 2024-12-31T10:00:00Z 2025-01-01T10:00:00Z 2025-01-02T10:00:00Z | java.time, Temporal, systemd
Pacific/Niue | 0 0 * * * | 2024-12-31T11:00:00Z | 2025-01-01T11:00:00Z 2025-01-02T11:00:00Z 2025-01-03T11:00:00Z | java.time, croner, systemd
Pacific/Niue | 00:00 | 2024-12-31T11:00:00Z | 2025-01-01T11:00:00Z 2025-01-02T11:00:00Z 2025-01-03T11:00:00Z | java.time, Temporal, systemd
Asia/Kolkata | 30 9 * * 1-5 | 2024-03-08T04:00:00Z | 2024-03-11T04:00:00Z 2024-03-12T04:00:00Z 2024-03-13T04:00:00Z | java.time, croner, systemd
Asia/Kolkata | 09:30 | 2024-03-08T04:00:00Z | 2024-03-09T04:00:00Z 2024-03-10T04:00:00Z 2024-03-11T04:00:00Z | java.time, Temporal, systemd
# calendar
UTC | 0 0 29 2 * | 2023-11-30T23:59:30Z | 2024-02-29T00:00:00Z 2028-02-29T00:00:00Z 2032-02-29T00:00:00Z | java.time, croner, systemd
UTC | 0 0 L 2 * | 2023-11-30T23:59:30Z | 2024-02-29T00:00:00Z 2025-02-28T00:00:00Z 2026-02-28T00:00:00Z | java.time, croner, systemd
UTC | 0 12 L * * | 2023-11-30T23:59:30Z | 2023-12-31T12:00:00Z 2024-01-31T12:00:00Z 2024-02-29T12:00:00Z | java.time, croner, systemd
UTC | 0 0 31 * * | 2023-11-30T23:59:30Z | 2023-12-31T00:00:00Z 2024-01-31T00:00:00Z 2024-03-31T00:00:00Z | java.time, croner, systemd
UTC | 0 0 30 * * | 2023-11-30T23:59:30Z | 2023-12-30T00:00:00Z 2024-01-30T00:00:00Z 2024-03-30T00:00:00Z | java.time, croner, systemd
UTC | 0 0 13 * 5 | 2023-11-30T23:59:30Z | 2023-12-01T00:00:00Z 2023-12-08T00:00:00Z 2023-12-13T00:00:00Z | java.time, croner
UTC | 0 0 1,15 * 3 | 2023-11-30T23:59:30Z | 2023-12-01T00:00:00Z 2023-12-06T00:00:00Z 2023-12-13T00:00:00Z | java.time, croner
UTC | 0 0 L * 1 | 2023-11-30T23:59:30Z | 2023-12-04T00:00:00Z 2023-12-11T00:00:00Z 2023-12-18T00:00:00Z | java.time, croner
UTC | 0 0 * * 5L | 2023-11-30T23:59:30Z | 2023-12-29T00:00:00Z 2024-01-26T00:00:00Z 2024-02-23T00:00:00Z | java.time, croner
UTC | 0 0 * * 1#1 | 2023-11-30T23:59:30Z | 2023-12-04T00:00:00Z 2024-01-01T00:00:00Z 2024-02-05T00:00:00Z | java.time, croner
UTC | 0 0 * * 6#5 | 2023-11-30T23:59:30Z | 2023-12-30T00:00:00Z 2024-03-30T00:00:00Z 2024-06-29T00:00:00Z | java.time, croner
UTC | 0 0 * * 0 | 2023-11-30T23:59:30Z | 2023-12-03T00:00:00Z 2023-12-10T00:00:00Z 2023-12-17T00:00:00Z | java.time, croner, systemd
UTC | 0 0 * * 7 | 2023-11-30T23:59:30Z | 2023-12-03T00:00:00Z 2023-12-10T00:00:00Z 2023-12-17T00:00:00Z | java.time, croner, systemd
UTC | 0 0 * * mon-fri | 2023-11-30T23:59:30Z | 2023-12-01T00:00:00Z 2023-12-04T00:00:00Z 2023-12-05T00:00:00Z | java.time, croner, systemd
UTC | 0 0 1 jan * | 2023-11-30T23:59:30Z | 2024-01-01T00:00:00Z 2025-01-01T00:00:00Z 2026-01-01T00:00:00Z | java.time, croner, systemd
UTC | 0 0 1 */3 * | 2023-11-30T23:59:30Z | 2024-01-01T00:00:00Z 2024-04-01T00:00:00Z 2024-07-01T00:00:00Z | java.time, croner, systemd
UTC | 0 9-17/4 * * * | 2023-11-30T23:59:30Z | 2023-12-01T09:00:00Z 2023-12-01T13:00:00Z 2023-12-01T17:00:00Z | java.time, croner, systemd
UTC | 10-50/20 8 * * * | 2023-11-30T23:59:30Z | 2023-12-01T08:10:00Z 2023-12-01T08:30:00Z 2023-12-01T08:50:00Z | java.time, croner, systemd
UTC | 0 0 31 1,3 * | 2023-11-30T23:59:30Z | 2024-01-31T00:00:00Z 2024-03-31T00:00:00Z 2025-01-31T00:00:00Z | java.time, croner, systemd
UTC | 59 23 31 12 * | 2023-11-30T23:59:30Z | 2023-12-31T23:59:00Z 2024-12-31T23:59:00Z 2025-12-31T23:59:00Z | java.time, croner, systemd
UTC | 0 0 */10 * * | 2023-11-30T23:59:30Z | 2023-12-01T00:00:00Z 2023-12-11T00:00:00Z 2023-12-21T00:00:00Z | java.time, croner, systemd
UTC | 0 0 28-31 feb * | 2023-11-30T23:59:30Z | 2024-02-28T00:00:00Z 2024-02-29T00:00:00Z 2025-02-28T00:00:00Z | java.time, croner, systemd
UTC | */5 */8 1 * * | 2023-11-30T23:59:30Z | 2023-12-01T00:00:00Z 2023-12-01T00:05:00Z 2023-12-01T00:10:00Z | java.time, croner, systemd
UTC | 0 0 29 2 0 | 2023-11-30T23:59:30Z | 2024-02-04T00:00:00Z 2024-02-11T00:00:00Z 2024-02-18T00:00:00Z | java.time, croner
UTC | 15 10 * * 1#2 | 2023-11-30T23:59:30Z | 2023-12-11T10:15:00Z 2024-01-08T10:15:00Z 2024-02-12T10:15:00Z | java.time, croner
UTC | 0 22 * * 1-5 | 2023-11-30T23:59:30Z | 2023-12-01T22:00:00Z 2023-12-04T22:00:00Z 2023-12-05T22:00:00Z | java.time, croner, systemd
UTC | 23 0-20/2 * * * | 2023-11-30T23:59:30Z | 2023-12-01T00:23:00Z 2023-12-01T02:23:00Z 2023-12-01T04:23:00Z | java.time, croner, systemd
UTC | 5 4 * * sun | 2023-11-30T23:59:30Z | 2023-12-03T04:05:00Z 2023-12-10T04:05:00Z 2023-12-17T04:05:00Z | java.time, croner, systemd
UTC | 0 0,12 1 */2 * | 2023-11-30T23:59:30Z | 2024-01-01T00:00:00Z 2024-01-01T12:00:00Z 2024-03-01T00:00:00Z | java.time, croner, systemd
UTC | 0 4 8-14 * * | 2023-11-30T23:59:30Z | 2023-12-08T04:00:00Z 2023-12-09T04:00:00Z 2023-12-10T04:00:00Z | java.time, croner, systemd
UTC | 30 0 0 1 * * | 2023-11-30T23:59:30Z | 2023-12-01T00:00:30Z 2024-01-01T00:00:30Z 2024-02-01T00:00:30Z | java.time, croner, systemd
UTC | */20 0 0 1 1 * | 2023-11-30T23:59:30Z | 2024-01-01T00:00:00Z 2024-01-01T00:00:20Z 2024-01-01T00:00:40Z | java.time, croner, systemd
UTC | 0 0 0 * * 3 | 2023-11-30T23:59:30Z | 2023-12-06T00:00:00Z 2023-12-13T00:00:00Z 2023-12-20T00:00:00Z | java.time, croner, systemd
UTC | 15,45 30 6 * * * | 2023-11-30T23:59:30Z | 2023-12-01T06:30:15Z 2023-12-01T06:30:45Z 2023-12-02T06:30:15Z | java.time, croner, systemd
UTC | * * * * * * | 2023-11-30T23:59:30Z | 2023-11-30T23:59:31Z 2023-11-30T23:59:32Z 2023-11-30T23:59:33Z | java.time, croner, systemd
UTC | @hourly | 2023-11-30T23:59:30Z | 2023-12-01T00:00:00Z 2023-12-01T01:00:00Z 2023-12-01T02:00:00Z | java.time, croner, systemd
UTC | @daily | 2023-11-30T23:59:30Z | 2023-12-01T00:00:00Z 2023-12-02T00:00:00Z 2023-12-03T00:00:00Z | java.time, croner, systemd
UTC | @midnight | 2023-11-30T23:59:30Z | 2023-12-01T00:00:00Z 2023-12-02T00:00:00Z 2023-12-03T00:00:00Z | java.time, croner, systemd
UTC | @weekly | 2023-11-30T23:59:30Z | 2023-12-03T00:00:00Z 2023-12-10T00:00:00Z 2023-12-17T00:00:00Z | java.time, croner, systemd
UTC | @monthly | 2023-11-30T23:59:30Z | 2023-12-01T00:00:00Z 2024-01-01T00:00:00Z 2024-02-01T00:00:00Z | java.time, croner, systemd
UTC | @yearly | 2023-11-30T23:59:30Z | 2024-01-01T00:00:00Z 2025-01-01T00:00:00Z 2026-01-01T00:00:00Z | java.time, croner, systemd
UTC | @annually | 2023-11-30T23:59:30Z | 2024-01-01T00:00:00Z 2025-01-01T00:00:00Z 2026-01-01T00:00:00Z | java.time, croner, systemd
UTC | 0 0 29 2 * | 2096-03-01T00:00:00Z | 2104-02-29T00:00:00Z 2108-02-29T00:00:00Z 2112-02-29T00:00:00Z | java.time, croner, systemd
UTC | 0 0 1 3 * | 2096-03-01T00:00:00Z | 2097-03-01T00:00:00Z 2098-03-01T00:00:00Z 2099-03-01T00:00:00Z | java.time, croner, systemd
Asia/Tokyo | 0 0 L * * | 2023-11-30T23:59:30Z | 2023-12-30T15:00:00Z 2024-01-30T15:00:00Z 2024-02-28T15:00:00Z | java.time, croner, systemd
Asia/Tokyo | 0 3 1 * * | 2023-11-30T23:59:30Z | 2023-12-31T18:00:00Z 2024-01-31T18:00:00Z 2024-02-29T18:00:00Z | java.time, croner, systemd
Asia/Tokyo | 0 0 * * 1#1 | 2023-11-30T23:59:30Z | 2023-12-03T15:00:00Z 2023-12-31T15:00:00Z 2024-02-04T15:00:00Z | java.time, croner
`

export const rows: readonly Row[] = TABLE.split('\n')
  .filter(text => text !== '' && !text.startsWith('#'))
  .map(text => {
    const [zone = '', line = '', from = '', next = '', agreed = ''] = text.split(' | ')
    return { zone, line, from, next: next.split(' '), agreed: agreed.split(', ') }
  })

export function isTimes({ line }: Row): boolean {
  return /^[\d: ]+:[\d: ]+$/.test(line)
}

/** As it is written in the table. */
export function written(at: Date | number | undefined): string {
  return at === undefined ? 'never' : new Date(at).toISOString().replace('.000Z', 'Z')
}

/** What `nextInstant` says. */
export function nextOf(row: Row): readonly string[] {
  const options = isTimes(row) ? { invalidateAt: row.line.split(' ') } : { cron: row.line }
  const next: string[] = []
  for (let at: Date | undefined = new Date(row.from); at !== undefined && next.length < 3;) {
    at = nextInstant({ ...options, timezone: row.zone }, at)
    next.push(written(at))
  }
  return next
}
