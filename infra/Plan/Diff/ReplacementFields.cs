namespace Candor.Planning;

/// <summary>
/// Which fields cannot change in place: the resource is deleted and made anew. From the providers' documentation
/// ("forces new resource") and Kubernetes' immutable fields, for the resources that the program declares.
/// </summary>
internal static class ReplacementFields
{
    private static readonly string[] Kubernetes = ["apiVersion", "kind", "metadata.name", "metadata.namespace"];

    private static readonly Dictionary<string, string[]> ByType = new(StringComparer.Ordinal)
    {
        [ResourceTypes.TargetGroup] = ["name", "namePrefix", "port", "protocol", "protocolVersion", "targetType", "vpcId", "ipAddressType"],
        [ResourceTypes.LoadBalancer] = ["name", "namePrefix", "internal", "loadBalancerType", "customerOwnedIpv4Pool"],
        [ResourceTypes.Listener] = ["loadBalancerArn"],
        [ResourceTypes.ListenerRule] = ["listenerArn"],
        [ResourceTypes.SecurityGroup] = ["name", "namePrefix", "description", "vpcId"],
        [ResourceTypes.SecurityGroupRule] =
            ["type", "protocol", "fromPort", "toPort", "cidrBlocks", "ipv6CidrBlocks", "prefixListIds", "securityGroupId", "sourceSecurityGroupId", "self"],
        [ResourceTypes.SecurityGroupIngressRule] = ["securityGroupId"],
        [ResourceTypes.SecurityGroupEgressRule] = ["securityGroupId"],
        [ResourceTypes.MetricAlarm] = ["name", "alarmName"],
        [ResourceTypes.CompositeAlarm] = ["alarmName"],
        ["aws:cloudwatch/dashboard:Dashboard"] = ["dashboardName"],
        ["aws:sns/topic:Topic"] = ["name", "namePrefix", "fifoTopic"],
        ["aws:sns/topicSubscription:TopicSubscription"] = ["topic", "protocol", "endpoint"],
        ["aws:acm/certificate:Certificate"] = ["domainName", "subjectAlternativeNames", "validationMethod", "keyAlgorithm"],
        ["aws:acm/certificateValidation:CertificateValidation"] = ["certificateArn", "validationRecordFqdns"],
        ["aws:route53/record:Record"] = ["name", "type", "zoneId", "setIdentifier"],
        ["aws:rds/instance:Instance"] =
            ["identifier", "identifierPrefix", "engine", "username", "dbName", "storageEncrypted", "kmsKeyId", "availabilityZone", "characterSetName"],
        ["aws:rds/subnetGroup:SubnetGroup"] = ["name", "namePrefix"],
        ["aws:rds/parameterGroup:ParameterGroup"] = ["name", "namePrefix", "family", "description"],
        ["aws:elasticache/replicationGroup:ReplicationGroup"] =
            ["replicationGroupId", "subnetGroupName", "port", "atRestEncryptionEnabled", "kmsKeyId", "networkType", "dataTieringEnabled"],
        ["aws:elasticache/subnetGroup:SubnetGroup"] = ["name"],
        ["aws:elasticache/parameterGroup:ParameterGroup"] = ["name", "family", "description"],
        ["aws:mq/broker:Broker"] =
            ["brokerName", "engineType", "deploymentMode", "subnetIds", "publiclyAccessible", "storageType", "encryptionOptions", "authenticationStrategy"],
        [ResourceTypes.Deployment] = ["spec.selector"],
        [ResourceTypes.StatefulSet] = ["spec.selector", "spec.serviceName", "spec.podManagementPolicy", "spec.volumeClaimTemplates"],
        [ResourceTypes.Service] = ["spec.clusterIP", "spec.clusterIPs"],
        [ResourceTypes.ConfigMap] = ["binaryData", "data"],
        [ResourceTypes.Secret] = ["type", "data", "stringData"],
        ["kubernetes:batch/v1:Job"] = ["spec.selector", "spec.template", "spec.completionMode"],
        ["kubernetes:core/v1:PersistentVolumeClaim"] = ["spec.accessModes", "spec.storageClassName", "spec.volumeName", "spec.selector"],
        ["kubernetes:rbac.authorization.k8s.io/v1:RoleBinding"] = ["roleRef"],
        ["kubernetes:networking.k8s.io/v1:IngressClass"] = ["spec.controller"],
    };

    /// <summary>Whether a change of the field, or of something below it, replaces a resource of the type.</summary>
    internal static bool Forces(string type, string path) =>
        (ByType.TryGetValue(type, out var fields) && fields.Any(field => IsAtOrBelow(path, field)))
        || (type.StartsWith(ResourceTypes.KubernetesPrefix, StringComparison.Ordinal) && Kubernetes.Any(field => IsAtOrBelow(path, field)));

    private static bool IsAtOrBelow(string path, string field) =>
        path.StartsWith(field, StringComparison.Ordinal) && (path.Length == field.Length || path[field.Length] is '.' or '[');
}
