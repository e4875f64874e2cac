// Audits a server against the specification of GraphQL over HTTP: no error and no warning is let through.
import { auditServer } from "graphql-http";

const results = await auditServer({ url: process.argv[2] });
const of = (status) => results.filter((result) => result.status === status);
for (const { id, name, status, reason } of results.filter((result) => result.status !== "ok")) {
  console.log(`${status} ${id} ${name}: ${reason}`);
}
const counts = ["ok", "notice", "warn", "error"].map((status) => `${of(status).length} ${status}`);
console.log(`GraphQL over HTTP, ${results.length} checks: ${counts.join(", ")}`);
process.exitCode = of("warn").length + of("error").length > 0 || results.length === 0 ? 1 : 0;
