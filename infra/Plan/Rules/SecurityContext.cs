namespace Candor.Planning.Rules;

/// <summary>SE001: what a container may do beyond serving.</summary>
internal sealed class SecurityContext : RuleFamily
{
    internal static readonly Rule Restricted = new()
    {
        Id = "SE001",
        Severity = Severity.Warning,
        WithoutContract = Severity.Note,
        IsOneEdit = true,
        Holds = "containers run as non-root with a read-only root file system, no privilege escalation, all capabilities dropped, seccomp RuntimeDefault and no service-account token",
        Why = "An attacker who breaks into the app gets the container's privileges.",
        Fix = "Set the field in the pod's or container's securityContext.",
        Example = "securityContext.readOnlyRootFilesystem is not set, expected true",
        Counterparts = new("container-security-context, container-seccomp-profile", "run-as-non-root, no-read-only-root-fs, privilege-escalation-container, drop-net-raw-capability",
            "runAsRootAllowed, notReadOnlyRootFilesystem, privilegeEscalationAllowed, linuxHardening, automountServiceAccountToken", "C-0013, C-0016, C-0017, C-0034, C-0046, C-0055", "CKV_K8S_20, CKV_K8S_22, CKV_K8S_28, CKV_K8S_30, CKV_K8S_31, CKV_K8S_37, CKV_K8S_38"),
    };

    /// <inheritdoc />
    public override string Title => "Security context";

    /// <inheritdoc />
    public override string Reads =>
        "pod templates and ServiceAccounts";

    /// <inheritdoc />
    public override IReadOnlyList<Rule> Rules => [Restricted];

    /// <inheritdoc />
    internal override void Check(LintScope scope, FindingList findings)
    {
        foreach (var workload in scope.Workloads.All)
        {
            CheckToken(scope, workload, findings);
            foreach (var container in workload.Containers)
            {
                CheckContainer(workload, container, findings);
            }
        }
    }

    private static void CheckToken(LintScope scope, Workload workload, FindingList findings)
    {
        var account = scope.Plan.Index.Kubernetes(ResourceTypes.ServiceAccount, workload.Namespace, workload.Spec["serviceAccountName"].Known());
        var token = workload.Spec["automountServiceAccountToken"].Exists
            ? workload.Spec["automountServiceAccountToken"]
            : account?.Inputs["automountServiceAccountToken"] ?? PlanValue.Missing;
        if (!token.IsUnknown() && token.Boolean != false && (account is not null || workload.Spec["automountServiceAccountToken"].Exists || workload.Spec["serviceAccountName"].IsMissing()))
        {
            findings.Add(Restricted, workload.Resource, "spec.template.spec.automountServiceAccountToken", token.Shown(), "false");
        }
    }

    private static void CheckContainer(Workload workload, Container container, FindingList findings)
    {
        var pod = workload.Spec["securityContext"];
        var own = container.Value["securityContext"];
        if (pod.IsUnknown() || own.IsUnknown())
        {
            return;
        }

        var user = Either("runAsUser").Whole();
        Expect("runAsNonRoot", Either("runAsNonRoot"), value => value.Boolean == true && user is null or > 0, user == 0 ? "true, with a runAsUser above 0" : "true");
        Expect("readOnlyRootFilesystem", own["readOnlyRootFilesystem"], value => value.Boolean == true, "true");
        Expect("allowPrivilegeEscalation", own["allowPrivilegeEscalation"], value => value.Boolean == false, "false");
        Expect("capabilities.drop", own["capabilities"]["drop"], value => value.Items.Any(item => item.Text == "ALL"), "[\"ALL\"]");
        Expect("seccompProfile.type", Either("seccompProfile")["type"], value => value.Text is "RuntimeDefault" or "Localhost", "\"RuntimeDefault\"");
        if (own["privileged"].Boolean == true)
        {
            findings.Add(Restricted, workload.Resource, $"{container.Path}.securityContext.privileged", "true", "false");
        }

        PlanValue Either(string name) => own[name].Exists ? own[name] : pod[name];

        void Expect(string path, PlanValue value, Func<PlanValue, bool> holds, string expected)
        {
            if (!value.HasUnknown() && !holds(value))
            {
                findings.Add(Restricted, workload.Resource, $"{container.Path}.securityContext.{path}", value.Shown(), expected);
            }
        }
    }
}
