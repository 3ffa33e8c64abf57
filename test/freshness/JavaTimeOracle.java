import java.time.*;
import java.time.zone.ZoneOffsetTransition;
import java.util.*;

/**
 * Debian's rules for cron over java.time, minute by minute and so without any cleverness. Reads lines of "zone | line | from" and writes the
 * three next instants of each: `java JavaTimeOracle.java < questions`. A line is five or six fields, or times of day ("13:00 18:30").
 */
class JavaTimeOracle {
  public static void main(String[] args) {
    for (Scanner in = new Scanner(System.in); in.hasNextLine();) {
      String[] row = in.nextLine().split(" \\| ");
      ZoneId zone = ZoneId.of(row[0]);
      Instant at = Instant.parse(row[2]);
      List<String> found = new ArrayList<>();
      while (found.size() < 3) {
        at = row[1].matches("[0-9: ]+:[0-9: ]+") ? nextTime(zone, row[1].split(" "), at) : nextCron(zone, row[1].split(" "), at);
        found.add(at.toString());
      }
      System.out.println(String.join(" ", found));
    }
  }

  /** ZonedDateTime moves on by the gap, and takes the first of two: what is wanted of a time of day. */
  static Instant nextTime(ZoneId zone, String[] times, Instant from) {
    TreeSet<Instant> all = new TreeSet<>();
    LocalDate today = from.atZone(zone).toLocalDate();
    for (int day = -3; day <= 3; day++)
      for (String time : times) all.add(ZonedDateTime.of(today.plusDays(day), LocalTime.parse(time), zone).toInstant());
    return all.higher(from);
  }

  static Instant nextCron(ZoneId zone, String[] line, Instant from) {
    boolean seconds = line.length == 6;
    String[] f = seconds ? line : ("0 " + String.join(" ", line)).split(" ");
    Duration step = seconds ? Duration.ofSeconds(1) : Duration.ofMinutes(1);
    boolean fixed = !f[0].startsWith("*") && !f[1].startsWith("*") && !f[2].startsWith("*");
    Instant best = null;
    if (fixed) {
      // Every wall time, each at the first instant that shows it, or at the end of the gap in which it lies.
      LocalDateTime wall = from.atZone(zone).toLocalDateTime().minusDays(2).withSecond(0).withNano(0);
      for (LocalDateTime end = null; end == null || wall.isBefore(end); wall = wall.plus(step)) {
        if (!matches(f, wall)) {
          if (!dayMatches(f, wall)) wall = wall.toLocalDate().plusDays(1).atStartOfDay().minus(step);
          continue;
        }
        ZoneOffsetTransition change = zone.getRules().getTransition(wall);
        Instant at = change != null && change.isGap() ? change.getInstant() : ZonedDateTime.of(wall, zone).withEarlierOffsetAtOverlap().toInstant();
        if (!at.isAfter(from)) continue;
        if (best == null || at.isBefore(best)) best = at;
        if (end == null) end = wall.plusDays(3);
      }
      return best;
    }
    // Every instant, by what clocks show at it.
    Instant at = Instant.ofEpochSecond(Math.floorDiv(from.getEpochSecond(), step.getSeconds()) * step.getSeconds());
    for (;;) {
      at = at.plus(step);
      LocalDateTime wall = at.atZone(zone).toLocalDateTime();
      if (at.isAfter(from) && matches(f, wall)) return at;
    }
  }

  static boolean matches(String[] f, LocalDateTime t) {
    return in(f[0], t.getSecond(), 0, 59) && in(f[1], t.getMinute(), 0, 59) && in(f[2], t.getHour(), 0, 23) && dayMatches(f, t);
  }

  static boolean dayMatches(String[] f, LocalDateTime t) {
    if (!in(f[4], t.getMonthValue(), 1, 12)) return false;
    int weekday = t.getDayOfWeek().getValue() % 7, last = t.toLocalDate().lengthOfMonth(), day = t.getDayOfMonth();
    boolean ofMonth = false, ofWeek = false;
    for (String item : f[3].split(",")) ofMonth |= item.equals("L") ? day == last : in(item, day, 1, 31);
    for (String item : f[5].split(",")) {
      if (item.endsWith("L")) ofWeek |= value(item.substring(0, item.length() - 1)) % 7 == weekday && day + 7 > last;
      else if (item.contains("#")) ofWeek |= value(item.split("#")[0]) % 7 == weekday && (day + 6) / 7 == value(item.split("#")[1]);
      else ofWeek |= in(item, weekday, 0, 7) || weekday == 0 && in(item, 7, 0, 7);
    }
    if (f[3].equals("*")) return ofWeek;
    return f[5].equals("*") ? ofMonth : ofMonth || ofWeek;
  }

  static boolean in(String field, int number, int min, int max) {
    for (String item : field.split(",")) {
      String[] step = item.split("/"), range = step[0].split("-");
      int from = step[0].equals("*") ? min : value(range[0]);
      int to = step[0].equals("*") ? max : range.length == 2 ? value(range[1]) : step.length == 2 ? max : from;
      if (number >= from && number <= to && (number - from) % (step.length == 2 ? value(step[1]) : 1) == 0) return true;
    }
    return false;
  }

  static int value(String text) {
    List<String> names = List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    List<String> days = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");
    String name = text.toLowerCase();
    return names.contains(name) ? names.indexOf(name) + 1 : days.contains(name) ? days.indexOf(name) : Integer.parseInt(text);
  }
}
