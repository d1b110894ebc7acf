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

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Warning, "health: {Notice}")]
    private partial void LogNotice(string notice);
}
