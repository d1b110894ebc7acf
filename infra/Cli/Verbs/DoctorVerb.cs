using System.CommandLine;
using Candor.Cli.Local;
using Candor.Cli.Plans;
using Candor.Cli.Terminal;
using Candor.Contract;
using Candor.Doctor;
using Candor.Doctor.Model;
using Candor.Doctor.Output;

namespace Candor.Cli.Verbs;

/// <summary><c>./candor doctor</c>: why does this probe fail? Exit code 0 nothing wrong, 1 a cause found, 2 nothing could be looked at.</summary>
internal static class DoctorVerb
{
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(5);

    internal static Command Create(CliContext context)
    {
        var url = new Option<string?>("--url") { Description = "Check this URL; it can be any service.", HelpName = "URL" };
        var timeout = new Option<string>("--timeout") { Description = "How long the prober of --url waits.", DefaultValueFactory = _ => "5s" };
        var codes = new Option<string>("--codes") { Description = "The status codes that mean healthy for --url.", DefaultValueFactory = _ => "200" };
        var group = new Option<string?>("--target-group") { Description = "Check this target group; it need not belong to a Candor stack.", HelpName = "ARN" };
        var region = new Option<string?>("--region") { Description = "The AWS region; default: the stack's, the ARN's, else the aws command's own." };
        var profile = new Option<string?>("--profile") { Description = "The profile of the aws command." };
        var endpoint = new Option<string?>("--endpoint-url") { Description = "Another endpoint for the aws command.", HelpName = "URL" };
        var state = StateOption.Create();
        var json = PreviewVerb.FileOption("--json", "Write the diagnosis as JSON");
        var markdown = PreviewVerb.FileOption("--markdown", "Write the diagnosis as Markdown, for an incident channel");
        var stack = new Argument<string?>("stack") { Description = "The deployed stack; 'local' or nothing for the one on this machine.", Arity = ArgumentArity.ZeroOrOne };
        var service = new Option<string?>("--service") { Description = "Only this service.", HelpName = "NAME" };
        var kube = new Option<string?>("--context") { Description = "The kubeconfig's context; default: the stack's candor:kubeContext, else the current one.", HelpName = "KUBE" };
        var command = new Command("doctor", "Find out why a probe fails and how to fix it; read-only. Exit code 1 when a cause is found.")
        {
            stack, service, kube, url, timeout, codes, group, region, profile, endpoint, json, markdown, state,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            StackOptions InCloud(StackOptions options) => options with
            {
                Context = parsed.GetValue(kube) ?? options.Context,
                Service = parsed.GetValue(service),
                Region = parsed.GetValue(region) ?? options.Region,
                Profile = parsed.GetValue(profile),
                EndpointUrl = parsed.GetValue(endpoint),
            };
            var name = parsed.GetValue(stack) is "local" ? null : parsed.GetValue(stack);
            var diagnosis = (parsed.GetValue(url), parsed.GetValue(group), name) switch
            {
                ({ }, { }, _) or ({ }, _, { }) => throw new UsageException("Give exactly one of: a stack, --url, --target-group."),
                ({ } address, _, _) => await UrlDoctor.AskAsync(Url(address), Timeout(parsed.GetValue(timeout)!), Codes(parsed.GetValue(codes)!), context.Time, cancellationToken),
                (_, { } arn, _) => await StackDoctor.AskAsync(InCloud(await DoctorSources.TargetGroupAsync(context, TargetGroup(arn), name, parsed.GetValue(kube) is not null, cancellationToken)), context.Time, cancellationToken),
                (_, _, { } deployed) => await StackDoctor.AskAsync(InCloud(await DoctorSources.StackAsync(context, deployed, cancellationToken)), context.Time, cancellationToken),
                _ => await LocalDoctor.AskAsync(StateOption.Client(context, parsed, state), parsed.GetValue(service), context.Time, cancellationToken),
            };
            return await WriteAsync(context, diagnosis, parsed.GetValue(json), parsed.GetValue(markdown), cancellationToken);
        });
        return command;
    }

    private static async Task<int> WriteAsync(CliContext context, Diagnosis diagnosis, string? json, string? markdown, CancellationToken cancellationToken)
    {
        var answers = new Answers(context);
        await answers.WriteAsync(json, () => DiagnosisJson.Write(diagnosis), cancellationToken);
        await answers.WriteAsync(markdown, () => DiagnosisMarkdown.Write(diagnosis), cancellationToken);
        if (!answers.OutIsTaken)
        {
            // Not folded: commands are there to be copied.
            context.Out.WriteAnswer(DiagnosisText.Write(diagnosis));
        }

        return diagnosis.ExitCode;
    }

    private static string TargetGroup(string text) =>
        text.StartsWith("arn:", StringComparison.Ordinal) && text.Contains(":targetgroup/", StringComparison.Ordinal)
            ? text
            : throw new UsageException($"--target-group is '{text}', expected an ARN such as arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/orders/0123456789abcdef.");

    private static Uri Url(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0
            ? url
            : throw new UsageException($"--url is '{text}', expected an absolute URL such as http://host:8080/health.");

    private static TimeSpan Timeout(string text) =>
        DurationText.TryParse(text, out var timeout) && timeout > TimeSpan.Zero && timeout <= LongestTimeout
            ? timeout
            : throw new UsageException($"--timeout is '{text}', expected a duration from 1ms to 5m such as 5s.");

    private static string Codes(string text) =>
        StatusCodes.TryParse(text, out _) ? text : throw new UsageException($"--codes is '{text}', expected status codes such as 200 or 200-299.");
}
