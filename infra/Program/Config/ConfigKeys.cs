namespace Candor.Program.Config;

/// <summary>Every key of the stack's configuration. Pulumi.yaml and docs/program.md list the same, which tests check.</summary>
public static partial class ConfigKeys
{
    /// <summary>The namespace of the keys: the Pulumi project's name.</summary>
    public const string Namespace = "candor";

    /// <summary>Every key, in the order of the documentation.</summary>
    public static IReadOnlyList<ConfigKey> All { get; } =
    [
        .. Stack, .. Workload, .. Cluster, .. Balancer, .. Dependencies, .. Watching, .. Secrets,
    ];

    private static ConfigKey[] Stack =>
    [
        Choice("environment", "dev", "What the stack is for; prod demands images by digest and protects what holds data.", "dev", "prod"),
        Choice("balancer", "alb", "Which load balancer probes and routes.", "alb", "gke", "nginx"),
        Text(
            "name",
            "orders",
            "Name of the main service: of its Kubernetes objects, target group, alarms, database and database user.",
            TextForm.ServiceName),
        Text(
            "namespace", "", "Kubernetes namespace of everything the stack deploys; empty for the main service's name.", TextForm.DnsLabel),
        Text("region", "eu-west-1", "AWS region.", TextForm.DnsLabel),
        Map("tags", "Further tags of every AWS resource."),
        Map("waive", "Lint rules that do not hold for this stack: rule id to reason."),
    ];

    private static ConfigKey[] Workload =>
    [
        new("image", ConfigType.Text, null, "Image of the main service.") { Form = TextForm.Image },
        Number("minReplicas", 2, 2, 1000, "Fewest pods of the main service."),
        Number("maxReplicas", 6, 3, 1000, "Most pods of the main service; more than minReplicas."),
        Number("targetCpu", 60, 10, 95, "CPU use, in percent of the request, that the autoscaler keeps."),
        Text("cpuRequest", "250m", "CPU that each pod reserves.", TextForm.Quantity),
        Text("memoryRequest", "256Mi", "Memory that each pod reserves.", TextForm.Quantity),
        Text("memoryLimit", "512Mi", "Memory at which a pod is ended.", TextForm.Quantity),
        Map("env", "Environment variables of the main service: name to text."),
        Map(
            "secretEnv",
            "Secret environment variables of the main service; set each with `pulumi config set --secret --path 'candor:secretEnv.NAME' "
                + "VALUE`.") with { HoldsSecrets = true },
        List("args", "Arguments of the main service's container; empty for the image's own.", TextForm.Any),
        Map("ports", "Further ports of the main service, for other pods of the namespace: name to number."),
        Map("volumes", "Folders that the main service may write to: absolute path to size. They are empty at the start of each pod."),
        Text(
            "contract",
            "",
            "The main service's contract as a file (JSON, beside Pulumi.yaml or below), which the app may read too; health goes over it."),
        Map(
            "health",
            "Overrides of the main service's health contract (of Orders' when its name is orders, else of the defaults); merged and "
                + "validated as a whole."),
        new(
            "services",
            ConfigType.List,
            "[]",
            "Further services behind the same balancer, each with its own contract.") { Items = ConfigType.Map },
        Map("endpoints", "Address of each dependency of kind http: name to URL."),
        Map(
            "connections",
            "Connection string of each dependency of a kind that the stack does not make (MySQL, Kafka, …), a secret; set each with "
                + "`pulumi config set --secret --path 'candor:connections.NAME' VALUE`.") with
        { HoldsSecrets = true },
        Map(
            "local",
            "What stands for an image on this machine (`./candor up`): image to project, folder or command. Nothing that is deployed "
                + "depends on it."),
    ];

    private static ConfigKey[] Cluster =>
    [
        Text("clusterName", "", "EKS cluster; its kubeconfig asks `aws eks get-token` for a token at each use."),
        Text("kubeContext", "", "Context of the kubeconfig, for clusters that are not EKS."),
        Text(
            "networkStack",
            "",
            "Pulumi stack whose outputs vpcId, balancerSubnetIds, privateSubnetIds and clusterName are used for the keys of the same "
                + "names."),
        Text("vpcId", "", "VPC of the balancer and the pods."),
        List("balancerSubnetIds", "Subnets of the balancer; two zones or more.", TextForm.Any),
        List("balancerSubnetCidrs", "Address ranges of the balancer's subnets, admitted by the NetworkPolicy.", TextForm.Cidr),
        List("nodeCidrs", "Address ranges of the nodes: the kubelet probes from there, and DNS answers there.", TextForm.Cidr),
        List("privateSubnetIds", "Subnets of managed dependencies; two zones or more.", TextForm.Any),
        List("dependencyCidrs", "Address ranges of managed, external and http dependencies.", TextForm.Cidr),
        Text(
            "clusterSecurityGroupId",
            "",
            "Security group of the cluster's nodes, attached to the pods beside their own; EKS attaches it without this key."),
        Flag("podSecurityGroups", true, "Attach the pods' security groups to the pods (VPC CNI with pod security groups enabled)."),
    ];
}
