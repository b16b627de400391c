// Reads policies, a JSON list of texts, and says of each what csp_evaluator finds.
const { CspEvaluator } = require("csp_evaluator/dist/evaluator.js");
const { CspParser } = require("csp_evaluator/dist/parser.js");
const { Severity } = require("csp_evaluator/dist/finding.js");

const policies = JSON.parse(require("fs").readFileSync(0, "utf8"));
const findings = policies.flatMap((policy) =>
  new CspEvaluator(new CspParser(policy).csp).evaluate().map((f) => ({
    policy, severity: Severity[f.severity], directive: f.directive, value: f.value ?? "", description: f.description,
  })),
);
process.stdout.write(JSON.stringify(findings));
