using System.CommandLine;
using Candor.Cli.Plans;
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
        var url = new Option<string?>("--url") { Description = "Ask this URL, any service of anybody.", HelpName = "URL" };
        var timeout = new Option<string>("--timeout") { Description = "How long the prober of --url waits.", DefaultValueFactory = _ => "5s" };
        var codes = new Option<string>("--codes") { Description = "The status codes that mean healthy for --url.", DefaultValueFactory = _ => "200" };
        var json = PreviewVerb.FileOption("--json", "Write the diagnosis as JSON");
        var markdown = PreviewVerb.FileOption("--markdown", "Write the diagnosis as Markdown, for an incident channel");
        var stack = new Argument<string?>("stack") { Description = "The stack that was deployed; local or nothing for the one on this machine.", Arity = ArgumentArity.ZeroOrOne };
        var service = new Option<string?>("--service") { Description = "Only this service.", HelpName = "NAME" };
        var kube = new Option<string?>("--context") { Description = "The kubeconfig's context; default: the stack's candor:kubeContext, else the current one.", HelpName = "KUBE" };
        var command = new Command("doctor", "Say why a probe fails, and how to put it right; reads only. Exit code 1 when a cause is found.")
        {
            stack, service, kube, url, timeout, codes, json, markdown,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var diagnosis = parsed.GetValue(url) is { } address
                ? await UrlDoctor.AskAsync(Url(address), Timeout(parsed.GetValue(timeout)!), Codes(parsed.GetValue(codes)!), context.Time, cancellationToken)
                : parsed.GetValue(stack) is { } name and not "local"
                    ? await StackDoctor.AskAsync(await DoctorSources.StackAsync(context, name, parsed.GetValue(kube), parsed.GetValue(service), cancellationToken), context.Time, cancellationToken)
                    : throw new UsageException("Give a stack or --url URL.");
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
            // Past the console, which would fold commands that are there to be copied.
            await context.Out.Profile.Out.Writer.WriteAsync(DiagnosisText.Write(diagnosis));
        }

        return diagnosis.ExitCode;
    }

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
