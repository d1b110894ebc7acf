using System.Globalization;
using Candor.Program.Balancer;
using Candor.Program.Common;
using Candor.Program.Config;
using Candor.Program.SecurityGroups;
using Candor.Program.Workload;
using Pulumi;
using Pulumi.Kubernetes.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;

namespace Candor.Program.OtherBalancers;

/// <summary>
/// ingress-nginx: it does not probe. Kubernetes readiness decides which pods it uses, and passive checks lead a failed request to
/// another pod.
/// </summary>
internal sealed class NginxEdge(StackConfig config, WorkloadSpace space) : IPublicEdge, IBalancerAttachment
{
    private const string Controller = "ingress-nginx";

    public IBalancerAttachment Attachment => this;

    public Output<string> Url => IngressUrl.Of(config);

    public Output<string> TargetGroupArn => Output.Create(string.Empty);

    public StackSecurityGroups? Groups => null;

    public IReadOnlyList<NetworkPolicyPeerArgs> Peers() =>
    [
        new NetworkPolicyPeerArgs
        {
            NamespaceSelector = new LabelSelectorArgs { MatchLabels = { ["kubernetes.io/metadata.name"] = Controller } },
            PodSelector = new LabelSelectorArgs { MatchLabels = { [Labels.Name] = Controller } },
        },
    ];

    public IReadOnlyDictionary<string, string> ServiceAnnotations(ServiceConfig service) => new Dictionary<string, string>();

    public string? ReadinessGate(ServiceConfig service) => null;

    public IReadOnlyList<Resource> Attach(ServiceConfig service, Service target, Scope scope) => [target];

    public void Complete(IReadOnlyList<ServiceWorkload> workloads)
    {
        var contract = config.Main.Contract;
        var annotations = new InputMap<string>
        {
            // Nothing that changes data is sent twice: non_idempotent is left out on purpose.
            [Key("proxy-next-upstream")] = "error timeout http_502 http_503 http_504",
            [Key("proxy-next-upstream-tries")] = Text(config.Main.Scale.Minimum),
            [Key("proxy-next-upstream-timeout")] = Text(contract.Drain.RequestTimeout.WholeSeconds()),
            [Key("proxy-connect-timeout")] = Text(contract.Balancer.Timeout.WholeSeconds()),
            [Key("proxy-read-timeout")] = Text(contract.Drain.RequestTimeout.WholeSeconds()),
            [Key("proxy-send-timeout")] = Text(contract.Drain.RequestTimeout.WholeSeconds()),
            [Key("ssl-redirect")] = config.Edge.TlsSecret is null ? "false" : "true",
        };
        new IngressComponent(config, workloads, annotations, "nginx", space).Make();
    }

    private static string Key(string name) => $"nginx.ingress.kubernetes.io/{name}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
