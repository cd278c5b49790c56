// Reads calendar objects (a JSON list of base64 on standard input) with ical.js, as calendars do
// that are written in JavaScript; writes what each says as a JSON list.
// ICAL_JS says where ical.js 2.2.1 lies (MPL 2.0, https://github.com/kewisch/ical.js).
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { default: ICAL } = await import(pathToFileURL(process.env.ICAL_JS).href);
const bodies = JSON.parse(readFileSync(0, "utf8"));
const said = bodies.map((body) => {
  const calendar = new ICAL.Component(ICAL.parse(Buffer.from(body, "base64").toString("utf8")));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) {
    ICAL.TimezoneService.register(new ICAL.Timezone(zone));
  }
  const [component, ...more] = calendar.getAllSubcomponents("vevent");
  if (more.length) throw new Error("more than one entry");
  const event = new ICAL.Event(component);
  const attendees = component.getAllProperties("attendee");
  return {
    method: calendar.getFirstPropertyValue("method"),
    uid: event.uid,
    sequence: event.sequence,
    stamp: component.getFirstPropertyValue("dtstamp").toJSDate().toISOString(),
    starts_at: event.startDate.toJSDate().toISOString(),
    summary: event.summary,
    status: component.getFirstPropertyValue("status"),
    organizer: component.getFirstPropertyValue("organizer"),
    attendees: attendees.map((attendee) => [attendee.getParameter("cn"), attendee.getFirstValue()]),
  };
});
process.stdout.write(JSON.stringify(said));
