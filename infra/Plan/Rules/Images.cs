using System.Text.RegularExpressions;

namespace Candor.Planning.Rules;

/// <summary>IM: whether what runs is what was tested.</summary>
internal sealed partial class Images : RuleFamily
{
    internal static readonly Rule Digest = new()
    {
        Id = "IM001",
        Severity = Severity.Error,
        WithoutContract = Severity.Note,
        Holds = "images are named by digest (in stacks marked dev, a tag other than latest is only a warning)",
        Why = "A tag can mean another image tomorrow, so that two pods of one rollout run different code.",
        Fix = "Append @sha256:… of the image that was tested.",
        Example = "spec.template.spec.containers[0].image is \"orders:1.2\", expected an image by digest",
        Counterparts = new("container-image-tag (tag only)", "latest-tag (tag only)", "tagNotSpecified (tag only)", Checkov: "CKV_K8S_43"),
    };

    /// <inheritdoc />
    public override string Title => "Images";

    /// <inheritdoc />
    public override string Reads =>
        "containers and init containers of Deployments, StatefulSets and DaemonSets";

    /// <inheritdoc />
    public override IReadOnlyList<Rule> Rules => [Digest];

    /// <inheritdoc />
    internal override void Check(LintScope scope, FindingList findings)
    {
        foreach (var workload in scope.Workloads.All)
        {
            var initial = workload.Spec["initContainers"].Items.Select((value, i) => ($"spec.template.spec.initContainers[{i}]", value));
            foreach (var (path, value) in workload.Spec["containers"].Items.Select((value, i) => ($"spec.template.spec.containers[{i}]", value)).Concat(initial))
            {
                if (value["image"].Known() is { } image && !ByDigest().IsMatch(image))
                {
                    var tag = image[(image.LastIndexOf('/') + 1)..].Split(':') is [_, var found] ? found : null;
                    findings.Add(Digest, workload.Resource, $"{path}.image", $"\"{image}\"", "an image by digest (@sha256:…)",
                        severity: scope.IsDevelopment && tag is not (null or "latest") ? Severity.Warning : null);
                }
            }
        }
    }

    [GeneratedRegex("@sha256:[0-9a-f]{64}$", RegexOptions.CultureInvariant)]
    private static partial Regex ByDigest();
}
