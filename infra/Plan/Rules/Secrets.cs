using System.Text.RegularExpressions;

namespace Candor.Planning.Rules;

/// <summary>SE002: whether a secret stands where everybody can read it. No finding ever shows the value.</summary>
internal sealed partial class Secrets : RuleFamily
{
    internal static readonly Rule Hidden = new()
    {
        Id = "SE002",
        Severity = Severity.Error,
        Holds = "no secret value stands in a ConfigMap, an environment literal, a tag, an annotation, a label or an output",
        Why = "It can be read by everybody who may list resources, and stays in logs and histories.",
        Fix = "Put it into a Secret and refer to it by secretKeyRef.",
        Example = "env[2].value is a password (not shown), expected a reference to a Secret",
        Counterparts = new(KubeLinter: "env-var-secret", Polaris: "sensitiveContainerEnvVar, sensitiveConfigmapContent", Kubescape: "C-0012", Checkov: "CKV_AWS_41, CKV_AWS_45, CKV_AWS_46 (elsewhere)"),
    };

    private const string NotShown = "(not shown)";

    /// <inheritdoc />
    public override string Title => "Secrets";

    /// <inheritdoc />
    public override string Reads =>
        "ConfigMaps, environment literals of pods and of ECS containers, tags, annotations, labels, outputs";

    /// <inheritdoc />
    public override IReadOnlyList<Rule> Rules => [Hidden];

    /// <inheritdoc />
    internal override void Check(LintScope scope, FindingList findings)
    {
        foreach (var map in scope.OfType(ResourceTypes.ConfigMap))
        {
            CheckMap(map, "data", map.Inputs["data"], byName: true, "a key of a Secret", findings);
        }

        foreach (var workload in scope.Workloads.All)
        {
            CheckEnvironment(workload, "containers", findings);
            CheckEnvironment(workload, "initContainers", findings);
            CheckMap(workload.Resource, "spec.template.metadata.annotations", workload.Annotations, byName: false, "no secret", findings);
        }

        foreach (var service in scope.Targets.Ecs)
        {
            CheckEcs(service, findings);
        }

        foreach (var resource in scope.Plan.Resources)
        {
            CheckMap(resource, "tags", resource.Inputs["tags"], byName: true, "no secret", findings);
            CheckMap(resource, "metadata.annotations", resource.Inputs["metadata"]["annotations"], byName: false, "no secret", findings);
            CheckMap(resource, "metadata.labels", resource.Inputs["metadata"]["labels"], byName: false, "no secret", findings);
        }

        foreach (var output in scope.Plan.Outputs.Properties)
        {
            // An output that is marked as secret stays encrypted; one that has a secret within it does not.
            if (output.Value.ToString() is var text && PlanValueReading.HoldsSecret(text) && !output.Value.IsUnknown())
            {
                findings.Add(Hidden, null, $"outputs.{output.Key}", $"a value with a secret in it {NotShown}", "an output without secrets, or one marked as secret", "Leave the secret out of the output.");
            }
            else if (LooksSecret(output.Value.Text))
            {
                findings.Add(Hidden, null, $"outputs.{output.Key}", $"a credential {NotShown}", "an output without secrets, or one marked as secret", "Leave the secret out of the output.");
            }
        }
    }

    private static void CheckEnvironment(Workload workload, string kind, FindingList findings)
    {
        foreach (var (container, i) in workload.Spec[kind].Items.Select((value, i) => (value, i)))
        {
            foreach (var (entry, j) in container["env"].Items.Select((value, j) => (value, j)))
            {
                if (entry["value"].Text is { } text && What(entry["name"].Text, text, byName: true) is { } what)
                {
                    findings.Add(Hidden, workload.Resource, $"spec.template.spec.{kind}[{i}].env[{j}].value", $"{what} {NotShown}, in {entry["name"].Shown()}", "a reference to a Secret (valueFrom.secretKeyRef)");
                }
            }
        }
    }

    private static void CheckEcs(EcsService service, FindingList findings)
    {
        foreach (var container in service.Containers)
        {
            foreach (var (entry, i) in container.Value["environment"].Items.Select((value, i) => (value, i)))
            {
                if (entry["value"].Text is { } text && What(entry["name"].Text, text, byName: true) is { } what)
                {
                    findings.Add(Hidden, service.Task, $"{container.Path}.environment[{i}].value", $"{what} {NotShown}, in {entry["name"].Shown()}",
                        "a reference in secrets (valueFrom of Secrets Manager or the parameter store)", "Move it to secrets, with a valueFrom.");
                }
            }
        }
    }

    private static void CheckMap(PlanResource resource, string path, PlanValue map, bool byName, string expected, FindingList findings)
    {
        foreach (var (key, value) in map.Properties)
        {
            if (value.Text is { } text && What(key, text, byName) is { } what)
            {
                findings.Add(Hidden, resource, $"{path}[\"{key}\"]", $"{what} {NotShown}", expected);
            }
        }
    }

    private static string? What(string? name, string text, bool byName) =>
        PlanValueReading.HoldsSecret(text) ? "a secret of the stack"
        : LooksSecret(text) ? "a credential"
        : byName && name is not null && NamesSecret().IsMatch(name) && !NamesSomethingElse().IsMatch(name) && !IsHarmless(text) ? "a literal under a secret's name"
        : null;

    private static bool LooksSecret(string? text) => text is { Length: >= 4 and <= 100_000 }
        && (text.Contains('=', StringComparison.Ordinal) || text.Contains("://", StringComparison.Ordinal) || text.Contains("-----", StringComparison.Ordinal)
            || text.Contains("AKIA", StringComparison.OrdinalIgnoreCase))
        && Credential().IsMatch(text);

    private static bool IsHarmless(string text) =>
        text.Length == 0 || bool.TryParse(text, out _) || double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out _)
        || text.StartsWith('/') || text.StartsWith("$(", StringComparison.Ordinal) || text.StartsWith("arn:", StringComparison.Ordinal) || PlanValueReading.IsUnknown(text);

    // Private keys; AWS access keys; userinfo with a password in a URI; a password in a connection string that is no reference.
    [GeneratedRegex(@"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@]{0,100}:[^\s/@$]{1,200}@|\b(password|pwd)\s?=\s?[^;,\s$]{1,200}",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Credential();

    [GeneratedRegex("password|passwd|secret|api_?key|private_?key|access_?key|credential|(^|[_.-])token$|(^|_)pwd$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex NamesSecret();

    [GeneratedRegex("(_file|_path|_dir|_name|_ref|_arn|_id|_ttl|_url|_uri|_policy|_version|_length|_mode|_provider|_store|_rotation|_key_?name)$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex NamesSomethingElse();
}
