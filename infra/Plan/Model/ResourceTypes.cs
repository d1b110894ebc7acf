namespace Candor.Planning;

/// <summary>Type tokens of the resources that readers of a Plan look for, as Pulumi writes them.</summary>
public static class ResourceTypes
{
    /// <summary>Application load balancer.</summary>
    public const string LoadBalancer = "aws:lb/loadBalancer:LoadBalancer";

    /// <summary>Target group of a load balancer; holds the balancer's health check.</summary>
    public const string TargetGroup = "aws:lb/targetGroup:TargetGroup";

    /// <summary>Listener of a load balancer.</summary>
    public const string Listener = "aws:lb/listener:Listener";

    /// <summary>Rule of a listener (path or host).</summary>
    public const string ListenerRule = "aws:lb/listenerRule:ListenerRule";

    /// <summary>Security group.</summary>
    public const string SecurityGroup = "aws:ec2/securityGroup:SecurityGroup";

    /// <summary>Rule of a security group in its older form, ingress or egress by its <c>type</c>.</summary>
    public const string SecurityGroupRule = "aws:ec2/securityGroupRule:SecurityGroupRule";

    /// <summary>One ingress rule of a security group.</summary>
    public const string SecurityGroupIngressRule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

    /// <summary>One egress rule of a security group.</summary>
    public const string SecurityGroupEgressRule = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

    /// <summary>CloudWatch alarm.</summary>
    public const string MetricAlarm = "aws:cloudwatch/metricAlarm:MetricAlarm";

    /// <summary>CloudWatch alarm over other alarms.</summary>
    public const string CompositeAlarm = "aws:cloudwatch/compositeAlarm:CompositeAlarm";

    /// <summary>RDS instance.</summary>
    public const string DatabaseInstance = "aws:rds/instance:Instance";

    /// <summary>Parameters of RDS instances.</summary>
    public const string DatabaseParameters = "aws:rds/parameterGroup:ParameterGroup";

    /// <summary>Web ACL in front of a load balancer.</summary>
    public const string WebAclAssociation = "aws:wafv2/webAclAssociation:WebAclAssociation";

    /// <summary>Kubernetes Namespace.</summary>
    public const string Namespace = "kubernetes:core/v1:Namespace";

    /// <summary>Kubernetes ServiceAccount.</summary>
    public const string ServiceAccount = "kubernetes:core/v1:ServiceAccount";

    /// <summary>Kubernetes ConfigMap.</summary>
    public const string ConfigMap = "kubernetes:core/v1:ConfigMap";

    /// <summary>Kubernetes Secret.</summary>
    public const string Secret = "kubernetes:core/v1:Secret";

    /// <summary>Kubernetes Service.</summary>
    public const string Service = "kubernetes:core/v1:Service";

    /// <summary>Kubernetes Deployment.</summary>
    public const string Deployment = "kubernetes:apps/v1:Deployment";

    /// <summary>Kubernetes StatefulSet.</summary>
    public const string StatefulSet = "kubernetes:apps/v1:StatefulSet";

    /// <summary>Kubernetes DaemonSet.</summary>
    public const string DaemonSet = "kubernetes:apps/v1:DaemonSet";

    /// <summary>Kubernetes PodDisruptionBudget.</summary>
    public const string PodDisruptionBudget = "kubernetes:policy/v1:PodDisruptionBudget";

    /// <summary>Kubernetes HorizontalPodAutoscaler, version 2.</summary>
    public const string HorizontalPodAutoscaler = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";

    /// <summary>Kubernetes NetworkPolicy.</summary>
    public const string NetworkPolicy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

    /// <summary>Kubernetes Ingress.</summary>
    public const string Ingress = "kubernetes:networking.k8s.io/v1:Ingress";

    /// <summary>The AWS load balancer controller's binding of a Service to a target group.</summary>
    public const string TargetGroupBinding = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding";

    /// <summary>Prometheus operator's alerting rules.</summary>
    public const string PrometheusRule = "kubernetes:monitoring.coreos.com/v1:PrometheusRule";

    /// <summary>Prometheus operator's scraping of a Service.</summary>
    public const string ServiceMonitor = "kubernetes:monitoring.coreos.com/v1:ServiceMonitor";

    /// <summary>Prometheus operator's blackbox probe.</summary>
    public const string Probe = "kubernetes:monitoring.coreos.com/v1:Probe";

    /// <summary>The root of a stack; never listed in a Plan.</summary>
    public const string Stack = "pulumi:pulumi:Stack";

    /// <summary>A reference to another stack.</summary>
    public const string StackReference = "pulumi:pulumi:StackReference";

    /// <summary>What every provider's token begins with.</summary>
    public const string ProviderPrefix = "pulumi:providers:";

    /// <summary>What every Kubernetes object's token begins with.</summary>
    public const string KubernetesPrefix = "kubernetes:";
}
