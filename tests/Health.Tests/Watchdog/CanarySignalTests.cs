using Candor.Contract;
using Candor.Health.Checks;
using Candor.Health.Watchdog;

namespace Candor.Health.Tests.Watchdog;

/// <summary>How many canaries must fail.</summary>
public sealed class CanarySignalTests
{
    [Fact]
    public void One_lost_canary_is_not_a_fault_two_in_a_row_are()
    {
        var record = new CanaryRecord();
        var signal = new CanarySignal(record, new CanarySettings { FailureThreshold = 2 });
        Assert.Equal(Reason.None, signal.Read().Reason);

        record.Fail(Reason.PipelineStuck, "x");
        Assert.Equal(Reason.None, signal.Read().Reason);
        record.Pass("y");
        record.Fail(Reason.ErrorRatio, "x");
        Assert.Equal(Reason.None, signal.Read().Reason);
        record.Fail(Reason.ErrorRatio, "x");
        Assert.Equal(Reason.ErrorRatio, signal.Read().Reason);
        record.Pass("y");
        Assert.Equal(Reason.None, signal.Read().Reason);
        Assert.Equal((2, 3), (record.Passed, record.Failed));
    }
}
