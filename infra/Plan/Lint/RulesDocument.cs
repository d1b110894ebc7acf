using System.Globalization;
using System.Text;
using Candor.Planning.Rules;

namespace Candor.Planning.Lint;

/// <summary>Writes docs/rules.md from the rules themselves.</summary>
public static class RulesDocument
{
    private const string Head = """
        # Rules

        <!-- Written from infra/Plan/Rules by the tests (CANDOR_UPDATE_FILES=1). Change the rule, not this page. -->

        `./candor lint [stack|plan.json]` holds a Plan against these rules before anything is deployed; `./candor up` and
        `./candor preview` do it too. The Plan may be recorded from the program, or read from `./candor preview --json`,
        `pulumi preview --json` or `pulumi stack export`. Without a contract in the Plan, the rules compare its planes
        (balancer, kubelet, drain, network) with each other. A value that is unknown until deployment is never held against a Plan.

        A resource that the program only reads (`Get`, `external` in Pulumi's state) is a fact for the others and has no finding of its
        own. Older names of a type are read as the type of today: `aws:alb/*` as `aws:lb/*`, `policy/v1beta1` as `policy/v1`. The summary
        says how many resources were judged and how many types no rule looks at; the JSON names those types.

        An error makes `lint` exit 1 and stops `up`; warnings and notes do not. Without a contract, some rules weigh less: then what is only
        left out is a note. How plans of others and Kubernetes manifests are linted, and in CI: [lint.md](lint.md). A stack waives a rule by id with a reason:

        ```yaml
        # Pulumi.dev.yaml
        config:
          candor:waive:
            LB001: Reachable inside the VPC only; there is no certificate.
        ```

        Waived findings are listed. A waiver that nothing needs is a warning; one without a reason or of an unknown rule is an error
        (both as WV001).

        ## In editors, pull requests and commits

        - `./candor lint --sarif lint.sarif` writes SARIF 2.1.0. Editors show it (Visual Studio Code with the *SARIF Viewer*, Rider,
          Visual Studio); GitHub shows it on the pull request after `github/codeql-action/upload-sarif`. Each result names the
          resource and property as its logical location, and waived findings as suppressed.
        - `./candor lint --json -` writes the same for programs.
        - `.githooks/pre-commit` lints the stacks whose inputs a commit changes: `git config core.hooksPath .githooks`.

        """;

    /// <summary>The page.</summary>
    public static string Write()
    {
        var text = new StringBuilder(Head).Append('\n');
        text.Append("## The rules at a glance\n\n| id | holds | severity |\n|---|---|---|\n");
        foreach (var rule in RuleCatalogue.Families.SelectMany(family => family.Rules).GroupBy(rule => rule.Id[..2]).SelectMany(group => group.OrderBy(rule => rule.Id, StringComparer.Ordinal)))
        {
            text.Append(CultureInfo.InvariantCulture, $"| [{rule.Id}](#{Anchor(rule.Id)}) | {Cell(rule.Holds)} | {Name(rule.Severity)} |\n");
        }

        foreach (var family in RuleCatalogue.Families)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {family.Title}\n");
            foreach (var rule in family.Rules)
            {
                Append(text, rule, rule.Reads ?? family.Reads);
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, Rule rule, string reads)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n### {rule.Id}\n\n{char.ToUpperInvariant(rule.Holds[0])}{rule.Holds[1..]}.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"- Severity: {Name(rule.Severity)}{Without(rule)}\n- Reads: {reads}.\n- Why: {rule.Why}\n- Fix: {rule.Fix}\n- Example: `{rule.Example}`\n- Elsewhere: {Elsewhere(rule.Counterparts)}\n");
    }

    private static string Elsewhere(Counterparts counterparts)
    {
        (string Tool, string? Name)[] all =
        [
            ("kube-score", counterparts.KubeScore),
            ("kube-linter", counterparts.KubeLinter),
            ("Polaris", counterparts.Polaris),
            ("Kubescape", counterparts.Kubescape),
            ("Checkov", counterparts.Checkov),
        ];
        var some = all.Where(tool => tool.Name is not null).Select(tool => $"{tool.Tool} {tool.Name}").ToList();
        return some.Count == 0 ? "no counterpart in kube-score, kube-linter, Polaris, Kubescape or Checkov." : $"{string.Join("; ", some)}.";
    }

    private static string Without(Rule rule) => rule.WithoutContract is { } severity ? $" ({Name(severity)} in a Plan without a contract)" : string.Empty;

    private static string Name(Severity severity) => severity.ToString().ToLowerInvariant();

    private static string Anchor(string id) => id.ToLowerInvariant();

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
