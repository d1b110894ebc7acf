using Candor.Contract;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Candor.Health.Setup;

/// <summary>Logs once, at the start, what this version does not know of the contract that the stack passed on.</summary>
internal sealed partial class ContractNotice(ContractEnvironment environment, ILogger<ContractNotice> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (environment.Notice is { } notice)
        {
            LogNotice(notice);
        }

        if (environment.Differences is { Count: > 0 } differences)
        {
            LogDifferences(ContractEnvironment.ContractVariable, string.Join(", ", differences));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "health: the contract is that of {Variable}; it differs from the one in the code in {Differences}")]
    private partial void LogDifferences(string variable, string differences);

    [LoggerMessage(LogLevel.Warning, "health: {Notice}")]
    private partial void LogNotice(string notice);
}
