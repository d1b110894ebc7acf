namespace Candor.Program.Config;

public static partial class ConfigKeys
{
    private static ConfigKey[] Balancer =>
    [
        Flag("internal", false, "Whether the balancer is reachable only inside the VPC."),
        List("allowedCidrs", "Address ranges that may reach the balancer; `0.0.0.0/0` and `::/0` for everyone.", TextForm.Cidr),
        List("allowedPrefixLists", "Managed prefix lists that may reach the balancer.", TextForm.Any),
        Text("domain", "", "Host name of the service; with a zone, a certificate and a DNS record are made.", TextForm.Domain),
        Text("zone", "", "Route 53 zone of the domain.", TextForm.Domain),
        Text("certificateArn", "", "Existing certificate of the HTTPS listener.", TextForm.Arn),
        Text("tlsPolicy", "ELBSecurityPolicy-TLS13-1-2-Res-2021-06", "TLS policy of the HTTPS listener.", TextForm.TlsPolicy),
        Text("tlsSecret", "", "Kubernetes Secret with the certificate, for gke and nginx.", TextForm.DnsLabel),
        Text("webAclArn", "", "Web ACL (AWS WAF, version 2) in front of the balancer.", TextForm.Arn),
        Text("accessLogsBucket", "", "S3 bucket that receives the balancer's access logs."),
        Text("accessLogsPrefix", "", "Prefix of the access logs in the bucket."),
        Flag("deletionProtection", true, "Whether balancer and managed dependencies refuse to be deleted."),
        Choice("desyncMitigation", "defensive", "How HTTP desync attacks are answered.", "defensive", "strictest"),
        Choice("algorithm", "round_robin", "How a target is chosen.", "round_robin", "least_outstanding_requests", "weighted_random"),
        Flag("anomalyMitigation", false, "Whether the balancer sends less to targets that fail more than others; needs weighted_random."),
        Number("slowStart", 0, 0, 900, "Seconds in which a new target's share grows; 0 for none, else 30 or more, and needs round_robin."),
    ];

    private static ConfigKey[] Dependencies =>
    [
        Choice("dependencies", "inCluster", "Where PostgreSQL, Redis and RabbitMQ are.", "inCluster", "managed", "external"),
        Text("databaseImage", "docker.io/library/postgres:17.6", "Image of PostgreSQL in the cluster.", TextForm.Image),
        Text("cacheImage", "docker.io/library/redis:7.4.5", "Image of Redis in the cluster.", TextForm.Image),
        Text("queueImage", "docker.io/library/rabbitmq:4.1.3", "Image of RabbitMQ in the cluster.", TextForm.Image),
        Text("storageClass", "", "Storage class of the volumes; empty for the cluster's default.", TextForm.DnsLabel),
        Text("databaseStorage", "10Gi", "Volume of PostgreSQL in the cluster.", TextForm.Quantity),
        Text("cacheStorage", "1Gi", "Volume of Redis in the cluster.", TextForm.Quantity),
        Text("queueStorage", "5Gi", "Volume of RabbitMQ in the cluster.", TextForm.Quantity),
        Text("databaseClass", "db.t4g.medium", "RDS instance class."),
        Text("databaseVersion", "17", "RDS PostgreSQL version."),
        Number("databaseGiB", 50, 20, 65536, "RDS storage in GiB; it may grow to four times as much."),
        Number(
            "databaseMaxConnections",
            0,
            0,
            262143,
            "Connections that the database server allows; 0 to set it from the services' pools (inCluster, managed) or when it is not "
                + "known (external)."),
        Text("databaseCertificates", "", "Root certificates (PEM) of RDS, for a region whose certificates the program does not contain."),
        Text("cacheNodeType", "cache.t4g.small", "ElastiCache node type."),
        Text("cacheVersion", "7.1", "ElastiCache Redis version."),
        Text("queueInstanceType", "mq.m5.large", "Amazon MQ instance type; clusters need mq.m5.large or more."),
        Text("queueVersion", "3.13", "Amazon MQ RabbitMQ version."),
    ];

    private static ConfigKey[] Watching =>
    [
        Text("alarmTopicArn", "", "SNS topic that every alarm notifies; empty creates one.", TextForm.Arn),
        Text("pageTopicArn", "", "SNS topic that pages, notified once by the composite alarm; empty creates one.", TextForm.Arn),
        Text("pageEmail", "", "E-mail address subscribed to the paging topic that the stack creates."),
        Text("availabilityTarget", "99.9", "Share of requests that must not fail, in percent.", TextForm.Percentage),
        Number("latencyLimit", 1000, 1, 60000, "Milliseconds that the 99th percentile may take."),
        Flag("prometheus", true, "Whether to deploy ServiceMonitor, Probe and PrometheusRule."),
        Text("monitoringNamespace", "monitoring", "Namespace of Prometheus, admitted to the management port.", TextForm.DnsLabel),
        Map("prometheusLabels", "Labels by which Prometheus selects monitors and rules."),
        Text("blackboxProber", "blackbox-exporter.monitoring.svc:9115", "Host and port of the blackbox exporter."),
        Text("runbookUrl", "https://example.com/runbooks", "Address under which the runbooks are; the alert's name follows.", TextForm.Url),
    ];

    // Not in Pulumi.yaml: a key declared there must be set in every stack, and these depend on the mode.
    private static ConfigKey[] Secrets =>
    [
        Hidden("databasePassword", "Password of PostgreSQL, inCluster and managed."),
        Hidden("cachePassword", "Password of Redis, inCluster and managed."),
        Hidden("queuePassword", "Password of RabbitMQ, inCluster and managed."),
        Hidden("databaseConnection", "Connection string of an external PostgreSQL (Npgsql's form)."),
        Hidden("cacheConnection", "Configuration string of an external Redis (StackExchange.Redis' form)."),
        Hidden("queueConnection", "AMQP URI of an external RabbitMQ."),
        Hidden("managementToken", "Token required to drain a pod over the network; without it, a pod can be drained only from within."),
        Hidden("kubeconfig", "Kubeconfig of a cluster that is not EKS; else the ambient one."),
    ];

    private static ConfigKey Text(string name, string value, string description, TextForm? form = null) =>
        new(name, ConfigType.Text, value, description) { Form = form ?? TextForm.Any };

    private static ConfigKey Choice(string name, string value, string description, params string[] choices) =>
        new(name, ConfigType.Text, value, description) { Choices = choices };

    private static ConfigKey Number(string name, int value, int minimum, int maximum, string description) =>
        new(
            name,
            ConfigType.Number,
            value.ToString(System.Globalization.CultureInfo.InvariantCulture),
            description)
        { Range = (minimum, maximum) };

    private static ConfigKey Flag(string name, bool value, string description) =>
        new(name, ConfigType.Flag, value ? "true" : "false", description);

    private static ConfigKey List(string name, string description, TextForm form) =>
        new(name, ConfigType.List, "[]", description) { Form = form };

    private static ConfigKey Map(string name, string description) => new(name, ConfigType.Map, "{}", description);

    private static ConfigKey Hidden(string name, string description) => new(name, ConfigType.Text, "", description) { Secret = true };
}
