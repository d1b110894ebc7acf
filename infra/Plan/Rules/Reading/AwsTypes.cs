namespace Candor.Planning.Rules;

/// <summary>Type tokens of AWS resources that only rules look for, beside those of <see cref="ResourceTypes"/>.</summary>
internal static class AwsTypes
{
    internal const string EcsService = "aws:ecs/service:Service";
    internal const string TaskDefinition = "aws:ecs/taskDefinition:TaskDefinition";
    internal const string ScalingTarget = "aws:appautoscaling/target:Target";
    internal const string Instance = "aws:ec2/instance:Instance";
    internal const string ScalingGroup = "aws:autoscaling/group:Group";
    internal const string ScalingAttachment = "aws:autoscaling/attachment:Attachment";
    internal const string LaunchTemplate = "aws:ec2/launchTemplate:LaunchTemplate";
    internal const string LaunchConfiguration = "aws:ec2/launchConfiguration:LaunchConfiguration";
}
